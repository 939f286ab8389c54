import { z } from 'zod';
import { updateRun } from '#db/runs.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs } from '#src/runner/fields.ts';
import { runField } from '#src/runner/id-fields.ts';
import { commandOfUndo, findUndoable, holdUndoable } from '#src/runner/undoable.ts';

/**
 * Takes a run back by running the command that its receipt named, under the same policy. Receipts are ephemeral in
 * Slack, so the run itself remembers how (DESIGN section 10: receipts).
 */
export const undo = defineCommand({
  name: 'undo',
  summary: 'Take back what a run did',
  examples: ['undo run_01k9zq3v5t8w2x4y6z7a8b9c0d --reason "wrong customer" --ticket ZD-812'],
  // Whoever may run what it comes down to; that is checked when it is looked up.
  allowed: 'any role',
  effect: 'reversible',
  input: z.object({ run: runField, ...changeInputs }),
  positionals: ['run'],

  async gather({ run: id }, context) {
    const run = await findUndoable(context.sql, id);
    const { command, raw } = commandOfUndo(context, run);
    return command.gather(raw, context);
  },

  async plan({ run: id }, context, gathered) {
    const run = await findUndoable(context.sql, id);
    const { command, raw } = commandOfUndo(context, run);
    const prepared = await command.prepare(raw, context, gathered);
    const { plan } = prepared;
    return {
      ...plan,
      title: `Undo ${run.id}: ${lowerFirst(plan.title)}`,
      facts: [
        { label: 'Undoes', value: `${run.command} by ${run.actor_name}` },
        ...(plan.facts ?? []),
        { label: 'By', value: { code: command.name } },
      ],
      confirmLabel: 'Undo it',
      basis: [run.id, plan.basis],
      // What it does decides who may do it how far: an undo must not be a way round a limit.
      judgedAs: plan.judgedAs ?? command.name,
      data: { run, prepared },
    };
  },

  async execute({ data: { run, prepared } }, context) {
    await holdUndoable(context.sql, run.id);
    const outcome = await prepared.execute(context);
    await updateRun(context.sql, run.id, { undone_by: context.cause.runId });
    return {
      ...outcome,
      title: `${outcome.title} (undoes ${run.id})`,
      facts: [{ label: 'Undoes', value: `${run.command} by ${run.actor_name}` }, ...(outcome.facts ?? [])],
      after: { undoes: run.id, after: outcome.after },
      json: { ...outcome.json, undoes: run.id },
    };
  },
});

function lowerFirst(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}

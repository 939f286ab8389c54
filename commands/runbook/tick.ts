import { z } from 'zod';
import { clamp } from '#src/core/text.ts';
import { requireOpenRun } from '#src/runbooks/find-run.ts';
import { findStep, requireTickedByHand, requireUnticked, tickStep, untickStep } from '#src/runbooks/tick.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { flagField, ticketField } from '#src/runner/fields.ts';
import { noteField, runbookRunField } from '#src/runner/runbook-fields.ts';

const stepField = z
  .union([z.string(), z.number()], { error: 'Give the number of the step.' })
  .transform((value) => String(value).trim())
  .pipe(
    z
      .string()
      .regex(/^\d{1,2}$/, 'Give the number of the step, such as 2.')
      .transform(Number),
  )
  .meta({ label: 'Step', placeholder: '2' } as Record<string, unknown>);

/** Ticks a step that nothing but a person can know of; with `--open` takes such a tick back. */
export const runbookTick = defineCommand({
  name: 'runbook tick',
  summary: 'Tick a step of a runbook that is being worked through',
  examples: ['runbook tick rbk_01jd2n8t1k5wq7x3e9r4 2', 'runbook tick rbk_01jd2n8t1k5wq7x3e9r4 2 --open'],
  allowed: 'any role',
  effect: 'reversible',
  reasonFrom: 'note',
  isDoneByClick: true,
  input: z.object({
    run: runbookRunField,
    step: stepField,
    open: flagField({ label: 'Open again', hint: 'Take the tick back' }),
    note: noteField,
    ticket: ticketField,
  }),
  positionals: ['run', 'step'],

  async plan({ run: id, step: number, open }, { sql }) {
    const run = await requireOpenRun(sql, id);
    const step = await findStep(sql, run, number);
    if (open) requireTickedByHand(step);
    else requireUnticked(step);
    const [before, after] = open ? ['done', 'open'] : ['open', 'done'];
    return {
      title: `${open ? 'Open again' : 'Tick'} step ${number}: ${clamp(step.says, 120)}`,
      customerId: null,
      changes: [{ label: `Step ${number}`, before, after }],
      confirmLabel: open ? 'Open it again' : 'Tick it',
      basis: [id, number, before],
      data: { runId: id, number, isOpening: open, customerId: run.customer_id || null },
    };
  },

  async execute({ data, changes }, { sql, settings, cause }) {
    const { runId, number, isOpening } = data;
    const isDone = isOpening
      ? await untickStep(sql, settings, cause, data).then(() => false)
      : (await tickStep(sql, settings, cause, data)).isDone;
    return {
      title: isOpening
        ? `Step ${number} is open again`
        : `Step ${number} is done${isDone ? ', and with it the whole list' : ''}`,
      customerId: data.customerId,
      changes,
      before: { step: number, done: isOpening },
      after: { step: number, done: !isOpening, checklist: runId },
      undo: {
        line: isOpening
          ? `runbook tick ${runId} ${number}`
          : isDone
            ? null
            : `runbook tick ${runId} ${number} --open`,
        sentence: isDone ? 'The list has ended; start it again if it is still needed.' : 'Undo reverses it.',
      },
      json: { checklist: runId, step: number, isDone },
      isQuiet: true,
    };
  },
});

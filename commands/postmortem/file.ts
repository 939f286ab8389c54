import { z } from 'zod';
import { updatePostmortem } from '#db/postmortems.ts';
import { deleteTimer } from '#db/timers.ts';
import { UserError } from '#src/core/errors.ts';
import { listed } from '#src/core/text.ts';
import { readDraft } from '#src/postmortems/draft.ts';
import { requireDraft } from '#src/postmortems/require-draft.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, fieldMeta, flagField } from '#src/runner/fields.ts';
import { incidentField } from '#src/runner/incident-field.ts';

export const postmortemFile = defineCommand({
  name: 'postmortem file',
  summary: 'File a postmortem that is whole, or waive one with the reason',
  examples: [
    'postmortem file INC-7 --reason "read by the team"',
    'postmortem file INC-8 --waive --reason "false alarm"',
  ],
  allowed: ['oncall'],
  effect: 'reversible',
  input: z.object({
    incident: incidentField.optional().meta({ ...fieldMeta(incidentField) }),
    waive: flagField({ label: 'Waive it', hint: 'There is nothing to learn from it; the reason is kept' }),
    ...changeInputs,
  }),
  positionals: ['incident'],

  async plan({ incident: named, waive }, { sql, settings, cause }) {
    const { now } = cause;
    const { name, incident, row } = await requireDraft(sql, named, cause.actor);
    const { missing, actions } = await readDraft(sql, settings, incident, now);
    if (!waive && missing.length > 0)
      throw new UserError(
        'invalid',
        `The postmortem of ${name} does not say ${listed(missing)} yet.`,
        `Write it: postmortem write ${name} --summary "…" --cause "…"; or waive it with --waive and a reason.`,
      );
    const state = waive ? ('waived' as const) : ('filed' as const);
    return {
      title: waive ? `Waive the postmortem of ${name}` : `File the postmortem of ${name}`,
      customerId: null,
      changes: [{ label: 'Postmortem', before: 'draft', after: state }],
      warnings:
        !waive && actions.length === 0
          ? ['It has no actions: is there nothing to do so that it does not happen again?']
          : [],
      confirmLabel: waive ? 'Waive it' : 'File it',
      basis: [row.incident_id, row.summary, row.cause, row.lessons, state],
      data: { name, incidentId: row.incident_id, isPrivate: incident.private_at !== null, state },
    };
  },

  async execute({ data: { name, incidentId, isPrivate, state }, changes }, { sql, cause }) {
    const isOurs = await updatePostmortem(sql, incidentId, {
      state,
      ended_at: cause.now,
      ended_by: cause.actor.name,
      ended_reason: cause.reason,
    });
    if (!isOurs)
      throw new UserError(
        'moved',
        `The postmortem of ${name} was ended by somebody else this moment.`,
        'Read it.',
      );
    await deleteTimer(sql, 'postmortem_due', incidentId);
    return {
      title: `The postmortem of ${name} is ${state}`,
      customerId: null,
      changes,
      before: { state: 'draft' },
      after: { state },
      undo: { line: null, sentence: 'What was filed stays; further actions can still be added.' },
      logs: [{ event: 'incident', action: `postmortem_${state}`, incident: incidentId }],
      json: { incident: name, state },
      // Neither the channels nor the timelines of others hear why.
      isQuiet: isPrivate,
      isInTimeline: isPrivate,
    };
  },
});

import { z } from 'zod';
import { findIncident } from '#db/incidents.ts';
import { endAction, findAction } from '#db/postmortems.ts';
import { UserError } from '#src/core/errors.ts';
import { requireReader } from '#src/incidents/private.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs } from '#src/runner/fields.ts';
import { idField } from '#src/runner/id-fields.ts';

const actionField = idField({
  label: 'Action',
  placeholder: 'act_…',
  hint: '“incident postmortem” lists them',
  pattern: /^act_[0-9a-z]+$/,
  wrong: 'An action starts with act_; “incident postmortem” lists them.',
});

export const postmortemDone = defineCommand({
  name: 'postmortem done',
  summary: 'Mark an action of a postmortem as done',
  examples: ['postmortem done act_01jd2n8t1k5wq7x3e9r4 --reason "merged"'],
  allowed: ['oncall'],
  effect: 'reversible',
  input: z.object({ action: actionField, ...changeInputs }),
  positionals: ['action'],

  async plan({ action: id }, { sql, cause }) {
    const row = await findAction(sql, id);
    if (!row)
      throw new UserError(
        'not_found',
        `There is no action ${id}.`,
        'See which there are: incident postmortem',
      );
    const incident = await findIncident(sql, row.incident_id);
    if (incident) await requireReader(sql, cause.actor, incident);
    if (row.done_at !== null)
      throw new UserError(
        'conflict',
        `${row.done_by ?? 'Somebody'} did it already.`,
        'Nothing is left to do.',
      );
    return {
      title: `Done: ${row.text}`,
      customerId: null,
      changes: [{ label: row.owner_name, before: 'open', after: 'done' }],
      confirmLabel: 'It is done',
      basis: [row.id, row.done_at],
      data: { id, text: row.text },
    };
  },

  async execute({ data: { id, text }, changes }, { sql, cause }) {
    if (!(await endAction(sql, id, cause.actor.name, cause.now)))
      throw new UserError('moved', 'Somebody did it this moment.', 'Nothing is left to do.');
    return {
      title: `Done: ${text}`,
      customerId: null,
      changes,
      before: { done: false },
      after: { done: true },
      undo: { line: null, sentence: 'If it was not done, add it again with “postmortem action”.' },
      json: { action: id },
      isQuiet: true,
      isInTimeline: true,
    };
  },
});

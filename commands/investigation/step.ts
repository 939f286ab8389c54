import { z } from 'zod';
import { changeStep, requireChangeable } from '#src/investigations/change.ts';
import { requireOpenCase } from '#src/investigations/find.ts';
import { saysOf, stepsByHand } from '#src/investigations/steps.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { choiceField, flagField, textField } from '#src/runner/fields.ts';
import { caseField } from '#src/runner/investigation-fields.ts';

/** Playbook, bug investigation 3: that it was reproduced, only a person knows; how, is worth a line. */
export const investigationStep = defineCommand({
  name: 'investigation step',
  summary: 'Tick a step of an investigation, and say what came of it',
  examples: [
    'investigation step ZD-812 reproduce "an import of two lines with one email"',
    'investigation step ZD-812 reproduce "it was another bug" --open',
  ],
  allowed: 'any role',
  effect: 'reversible',
  reasonFrom: 'note',
  input: z.object({
    ticket: caseField,
    step: choiceField(stepsByHand, { label: 'Step' }),
    note: textField(500, 'Say how, or what came of it.', {
      label: 'Note',
      placeholder: 'an import of two lines with one email',
      control: 'multiline',
    }),
    open: flagField({ label: 'Open again', hint: 'Take the tick back' }),
  }),
  positionals: ['ticket', 'step', 'note'],
  takesRest: true,

  async plan({ ticket, step, note, open }, { sql }) {
    const row = await requireOpenCase(sql, ticket);
    await requireChangeable(sql, row, step, open);
    const [before, after] = open ? ['done', 'open'] : ['open', 'done'];
    return {
      title: `${open ? 'Open again' : 'Tick'} “${saysOf(step)}” of ${row.ticket}`,
      customerId: null,
      changes: [{ label: `Step ${step}`, before, after }],
      confirmLabel: open ? 'Open it again' : 'Tick it',
      basis: [row.id, step, before],
      data: { ticket: row.ticket, step, note, isOpening: open },
    };
  },

  async execute({ data, changes }, { sql, settings, cause }) {
    const row = await changeStep(sql, settings, cause, data);
    const { ticket, step, isOpening } = data;
    return {
      title: `Step ${step} of ${ticket} is ${isOpening ? 'open again' : 'done'}`,
      customerId: row.customer_id,
      changes,
      before: { step, done: isOpening },
      after: { step, done: !isOpening, investigation: row.id },
      undo: {
        line: isOpening ? null : `investigation step ${ticket} ${step} --note=undone --open`,
        sentence: isOpening ? 'Tick it again.' : 'Undo takes the tick back.',
      },
      json: { ticket, step, done: !isOpening },
      isQuiet: true,
    };
  },
});

import { z } from 'zod';
import { findOpenRunbookRun } from '#db/runbook-runs.ts';
import { channelKeys } from '#src/core/settings-words.ts';
import { counted } from '#src/core/text.ts';
import { findCustomer } from '#src/customers/find.ts';
import { aboutOf } from '#src/runbooks/card.ts';
import { runbookNameField } from '#src/runbooks/name-field.ts';
import { requireProcedure } from '#src/runbooks/require-procedure.ts';
import { startRunbook } from '#src/runbooks/start.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { optionalChoiceField, optionalCustomerField, ticketField } from '#src/runner/fields.ts';
import { noteField } from '#src/runner/runbook-fields.ts';

/** A runbook as a checklist that ticks itself: in one’s own messages with Lucy, or in a channel. */
export const runbookStart = defineCommand({
  name: 'runbook start',
  summary: 'Work through a runbook, as a list that ticks itself',
  examples: [
    'runbook start post-resolution sofia@firm.com --ticket ZD-812',
    'runbook start downtime --channel incidents',
  ],
  allowed: 'any role',
  effect: 'reversible',
  reasonFrom: 'note',
  isDoneByClick: true,
  input: z.object({
    name: runbookNameField,
    email: optionalCustomerField,
    channel: optionalChoiceField(channelKeys, {
      label: 'Channel',
      hint: 'Where everybody can tick; left out: your own messages with Lucy',
    }),
    note: noteField,
    ticket: ticketField,
  }),
  positionals: ['name', 'email'],

  async plan({ name, email, channel, ticket = '' }, { sql }) {
    const procedure = requireProcedure(name);
    const customer = email === undefined ? null : await findCustomer(sql, email);
    const open = await findOpenRunbookRun(sql, {
      runbook: procedure.name,
      customer_id: customer?.id ?? '',
      ticket,
    });
    const about = `“${procedure.title}”${aboutOf(customer?.email, ticket)}`;
    return {
      title: `Start ${about}`,
      // Its own row is held; nothing of the customer is changed.
      customerId: null,
      changes: [
        {
          label: 'Checklist',
          before: open ? `open, started by ${open.actor_name}` : 'none',
          after: open ? 'the same one' : counted(procedure.steps.length, 'step'),
        },
      ],
      confirmLabel: 'Start it',
      basis: [procedure.name, customer?.id ?? null, ticket, open?.id ?? null],
      data: { procedure, customer, ticket, channel: channel ?? null, about },
    };
  },

  async execute({ data, changes }, { sql, settings, cause }) {
    const { run, isNew } = await startRunbook(sql, settings, cause, data);
    const where =
      run.target === null
        ? `see it with: runbook show ${run.id}`
        : run.target.startsWith('user:')
          ? 'it stands in the messages with Lucy'
          : `it stands in ${settings.channels[run.target as keyof typeof settings.channels]}`;
    return {
      title: isNew ? `Started ${data.about}; ${where}` : `${data.about} is open already; ${where}`,
      customerId: data.customer?.id ?? null,
      changes,
      facts: [{ label: 'Checklist', value: { code: run.id } }],
      before: { checklist: isNew ? null : run.id },
      after: { checklist: run.id, runbook: run.runbook },
      undo: {
        line: isNew ? `runbook close ${run.id}` : null,
        sentence: isNew ? 'Undo closes the checklist.' : 'Nothing was changed.',
      },
      json: { checklist: run.id, isNew },
      isQuiet: true,
    };
  },
});

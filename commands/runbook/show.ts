import { z } from 'zod';
import { listOpenSuggestions } from '#db/runbook-suggestions.ts';
import { findCustomer } from '#src/customers/find.ts';
import { runbookCard } from '#src/runbooks/card.ts';
import { describeRunbook } from '#src/runbooks/describe.ts';
import { unknownRunbookRun } from '#src/runbooks/find-run.ts';
import { runbookNameField } from '#src/runbooks/name-field.ts';
import { requireProcedure } from '#src/runbooks/require-procedure.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { optionalCustomerField, ticketField } from '#src/runner/fields.ts';
import { whoElse } from '#src/runner/who-else.ts';

/** A runbook to read, with its commands as buttons; or how far somebody is with one. */
export const runbookShow = defineLookup({
  name: 'runbook show',
  summary: 'Show a runbook with its commands, or how far one is',
  examples: ['runbook show disputes', 'runbook show reset-tier sofia@firm.com --ticket ZD-812'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({ name: runbookNameField, email: optionalCustomerField, ticket: ticketField }),
  positionals: ['name', 'email'],

  async answer({ name, email, ticket }, { sql, settings, commands, cause }) {
    if (name.startsWith('rbk_')) {
      const card = await runbookCard(sql, settings, name);
      if (!card) throw unknownRunbookRun(name);
      return card.reply;
    }
    const procedure = requireProcedure(name);
    const customer = email === undefined ? undefined : (await findCustomer(sql, email)).email;
    const suggested = await listOpenSuggestions(sql, procedure.name, 50);
    return describeRunbook(procedure, { customer, ticket }, suggested.length, (line) =>
      whoElse({ commands, settings }, cause.actor, line),
    );
  },
});

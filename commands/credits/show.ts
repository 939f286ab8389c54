import { z } from 'zod';
import { describeCredits } from '#src/credits/describe.ts';
import { readHoldings } from '#src/credits/holdings.ts';
import { findCustomer } from '#src/customers/find.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { customerField } from '#src/runner/fields.ts';

const ENTRIES_SHOWN = 10;

/** Support runbook, quick reference: the credit event log. */
export const creditsShow = defineLookup({
  name: 'credits show',
  summary: 'A customer’s credits: what is left, from where, and what happened',
  examples: ['credits show sofia@firm.com'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({ email: customerField }),
  positionals: ['email'],

  async answer({ email }, { sql, cause }) {
    const customer = await findCustomer(sql, email);
    const credits = await readHoldings(sql, customer.id, ENTRIES_SHOWN, cause.now);
    return { ...describeCredits(customer.email, credits), correlationId: cause.correlationId };
  },
});

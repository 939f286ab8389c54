import { z } from 'zod';
import { counted } from '#src/core/text.ts';
import { grantCredits } from '#src/credits/grant.ts';
import { readCredits } from '#src/credits/summary.ts';
import { warnOfUngranted } from '#src/credits/warn-ungranted.ts';
import { findCustomer } from '#src/customers/find.ts';
import { requireMayGive } from '#src/entitlements/lock.ts';
import { countField } from '#src/runner/credit-fields.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, customerField } from '#src/runner/fields.ts';

/** Support runbook section 3: grant credits by hand, with the correlation id for the ticket. */
export const creditsGrant = defineCommand({
  name: 'credits grant',
  summary: 'Give a customer AI credits',
  examples: ['credits grant sofia@firm.com 100 --reason "lost upload" --ticket ZD-812'],
  allowed: ['support', 'billing'],
  effect: 'moves value',
  input: z.object({ email: customerField, count: countField, ...changeInputs }),
  positionals: ['email', 'count'],
  measure: ({ count }) => (count === undefined ? {} : { credits: count }),

  async plan({ email, count }, { sql, cause }) {
    const customer = await findCustomer(sql, email);
    await requireMayGive(sql, cause, customer);
    const { balance } = await readCredits(sql, customer.id, 0);
    const amount = counted(count, 'credit');
    return {
      title: `Grant ${amount} to ${customer.email}`,
      customerId: customer.id,
      changes: [{ label: 'Credits', before: String(balance), after: String(balance + count) }],
      warnings: await warnOfUngranted(sql, customer),
      confirmLabel: `Grant ${amount}`,
      // The product spends all the time: a moved balance does not make the gift a different one.
      basis: [customer.id, count],
      measures: { credits: count },
      data: { customer, count },
    };
  },

  async execute({ data: { customer, count } }, { sql, cause }) {
    const { entry } = await grantCredits(sql, cause, {
      customerId: customer.id,
      amount: count,
      key: `run:${cause.runId}`,
      sourceKind: 'staff',
      sourceId: cause.runId ?? '',
    });
    const before = entry.balance_after - count;
    return {
      title: `${counted(count, 'credit')} granted to ${customer.email}`,
      customerId: customer.id,
      changes: [{ label: 'Credits', before: String(before), after: String(entry.balance_after) }],
      facts: [{ label: 'Ledger entry', value: { code: entry.id } }],
      before: { credits: before },
      after: { credits: entry.balance_after, entry: entry.id },
      undo: {
        line: `credits reverse ${entry.id}`,
        sentence: 'Undo takes back what is not spent by then.',
      },
      logs: [
        {
          event: 'credits_changed',
          action: 'credits_granted',
          customer: customer.id,
          amount: count,
          entry: entry.id,
        },
      ],
      json: { customer: customer.email, entry: entry.id, credits: entry.balance_after },
    };
  },
});

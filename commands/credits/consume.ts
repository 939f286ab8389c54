import { z } from 'zod';
import { counted } from '#src/core/text.ts';
import { readHoldings } from '#src/credits/holdings.ts';
import { insufficient, spendCredits } from '#src/credits/spend.ts';
import { findCustomer } from '#src/customers/find.ts';
import { requireMaySpend } from '#src/entitlements/lock.ts';
import { countField } from '#src/runner/credit-fields.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, customerField } from '#src/runner/fields.ts';

/** Support runbook section 3: take credits that were not taken by themselves. */
export const creditsConsume = defineCommand({
  name: 'credits consume',
  summary: 'Take AI credits that a customer has used',
  examples: ['credits consume sofia@firm.com 50 --reason "support-adjustment" --ticket ZD-813'],
  allowed: ['support', 'billing'],
  effect: 'moves value',
  input: z.object({ email: customerField, count: countField, ...changeInputs }),
  positionals: ['email', 'count'],
  measure: ({ count }) => (count === undefined ? {} : { credits: count }),

  async plan({ email, count }, { sql, cause }) {
    const customer = await findCustomer(sql, email);
    await requireMaySpend(sql, customer);
    const { balance, spendable } = await readHoldings(sql, customer.id, 0, cause.now);
    if (spendable < count) throw insufficient(spendable, count);
    const amount = counted(count, 'credit');
    return {
      title: `Take ${amount} from ${customer.email}`,
      customerId: customer.id,
      changes: [{ label: 'Credits', before: String(balance), after: String(balance - count) }],
      confirmLabel: `Take ${amount}`,
      // The product spends all the time; what is agreed to is how much is taken, and spending checks the balance again.
      basis: [customer.id, count],
      measures: { credits: count },
      data: { customer, count },
    };
  },

  async execute({ data: { customer, count } }, { sql, cause }) {
    const { entry } = await spendCredits(sql, cause, {
      customerId: customer.id,
      amount: count,
      key: `run:${cause.runId}`,
      sourceKind: 'staff',
      sourceId: cause.runId ?? '',
    });
    const before = entry.balance_after + count;
    return {
      title: `${counted(count, 'credit')} taken from ${customer.email}`,
      customerId: customer.id,
      changes: [{ label: 'Credits', before: String(before), after: String(entry.balance_after) }],
      facts: [{ label: 'Ledger entry', value: { code: entry.id } }],
      before: { credits: before },
      after: { credits: entry.balance_after, entry: entry.id },
      undo: {
        line: `credits reverse ${entry.id}`,
        sentence: 'Undo gives them back to where they came from.',
      },
      logs: [
        {
          event: 'credits_changed',
          action: 'credits_consumed',
          customer: customer.id,
          amount: -count,
          entry: entry.id,
        },
      ],
      json: { customer: customer.email, entry: entry.id, credits: entry.balance_after },
    };
  },
});

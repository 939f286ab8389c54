import { z } from 'zod';
import type { CreditEntryRow } from '#db/credit-entries.ts';
import { recordAudit } from '#src/audit/record.ts';
import { spendCredits } from '#src/credits/spend.ts';
import { defineChange } from './define-route.ts';
import { callerIdField, creditsField, namesOne, namesOneMessage, reasonField, who } from './fields.ts';
import { nameOf, refuseLocked, requireCustomer } from './find-customer.ts';

/** Spends credits at once, where the price is known. More than can be spent is refused, and never makes debt. */
export const consumeCredits = defineChange({
  method: 'POST',
  scope: 'consume',
  path: '/api/credits/consume',
  status: 200,
  summary: 'Spend credits',
  description:
    'For a price that is known. Where it is known only afterwards, reserve first: POST /api/credits/holds.',
  once: 'caller',
  reason: 'Used in the product',
  input: z
    .strictObject({
      ...who,
      amount: creditsField,
      idempotencyKey: callerIdField.optional(),
      reason: reasonField.optional(),
    })
    .refine(namesOne, namesOneMessage),
  answer: z.strictObject({
    entry: z.string().meta({ description: 'The ledger entry; staff can reverse it.' }),
    customer: z.string(),
    amount: z.int().min(1),
    balance: z.int().min(0).meta({ description: 'After this entry.' }),
    correlationId: z.string(),
  }),

  async change({ input, key }, { sql, cause, now }) {
    const customer = await requireCustomer(sql, input, now);
    refuseLocked(customer);
    const { entry } = await spendCredits(sql, cause, {
      customerId: customer.customer_id,
      amount: input.amount,
      ...sourceOf(key),
    });
    const { answer, audit, logs } = tell(customer, input.amount, entry);
    await recordAudit(sql, cause, audit);
    return { answer, logs };
  },

  asSpend({ input, key }) {
    return {
      who: nameOf(input),
      amount: input.amount,
      ...sourceOf(key),
      tell: (customer, entry) => ({ ...tell(customer, input.amount, entry), usage: null }),
    };
  },
});

const sourceOf = (key: string) => ({ key: `api:${key}`, sourceKind: 'api', sourceId: key });

function tell(
  { customer_id, email }: { customer_id: string; email: string },
  amount: number,
  entry: CreditEntryRow,
) {
  const balance = entry.balance_after;
  return {
    answer: {
      entry: entry.id,
      customer: customer_id,
      amount,
      balance,
      correlationId: entry.correlation_id,
    },
    audit: {
      command: 'credits consume',
      outcome: 'done' as const,
      customerId: customer_id,
      input: { customer: email, amount },
      before: { credits: balance + amount },
      after: { credits: balance, entry: entry.id },
    },
    logs: [
      {
        event: 'credits_changed',
        action: 'credits_consumed',
        customer: customer_id,
        amount: -amount,
        entry: entry.id,
      },
    ],
  };
}

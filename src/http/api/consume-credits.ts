import { z } from 'zod';
import { recordAudit } from '#src/audit/record.ts';
import { spendCredits } from '#src/credits/spend.ts';
import { defineChange } from './define-route.ts';
import { callerIdField, creditsField, namesOne, namesOneMessage, reasonField, who } from './fields.ts';
import { refuseLocked, requireCustomer } from './find-customer.ts';

/** Spends credits at once, where the price is known. More than can be spent is refused, and never makes debt. */
export const consumeCredits = defineChange({
  method: 'POST',
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
      key: `api:${key}`,
      sourceKind: 'api',
      sourceId: key,
    });
    const balance = entry.balance_after;
    await recordAudit(sql, cause, {
      command: 'credits consume',
      outcome: 'done',
      customerId: customer.customer_id,
      input: { customer: customer.email, amount: input.amount },
      before: { credits: balance + input.amount },
      after: { credits: balance, entry: entry.id },
    });
    return {
      answer: {
        entry: entry.id,
        customer: customer.customer_id,
        amount: input.amount,
        balance,
        correlationId: cause.correlationId,
      },
      logs: [
        {
          event: 'credits_changed',
          action: 'credits_consumed',
          customer: customer.customer_id,
          amount: -input.amount,
          entry: entry.id,
        },
      ],
    };
  },
});

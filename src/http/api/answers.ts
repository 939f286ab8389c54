import { z } from 'zod';
import type { CreditHoldRow } from '#db/credit-holds.ts';
import { isoTime } from '#src/core/clock.ts';

const count = z.int().min(0);
const time = z.iso.datetime();

export const holdAnswer = z.strictObject({
  hold: z.string(),
  customer: z.string().meta({ description: 'Lucy’s id of the customer.' }),
  amount: count.meta({ description: 'What was reserved.' }),
  covered: count.meta({ description: 'What of it is still there; 0 once the hold has ended.' }),
  state: z.enum(['open', 'settled', 'void', 'expired']),
  cost: count.nullable().meta({ description: 'What the call was settled with.' }),
  spent: count.meta({
    description: 'What of the cost was spent; less only when held credits lapsed or were refunded.',
  }),
  entry: z.string().nullable().meta({ description: 'The ledger entry of the spending.' }),
  expiresAt: time,
  endedAt: time.nullable(),
  correlationId: z.string().meta({ description: 'Of the request that reserved.' }),
});

export function holdJson(hold: CreditHoldRow, customerId: string): z.input<typeof holdAnswer> {
  return {
    hold: hold.id,
    customer: customerId,
    amount: hold.amount,
    covered: hold.covered,
    state: hold.state,
    cost: hold.asked,
    spent: hold.settled,
    entry: hold.entry_id,
    expiresAt: isoTime(hold.expires_at),
    endedAt: hold.ended_at === null ? null : isoTime(hold.ended_at),
    correlationId: hold.correlation_id,
  };
}

export const errorAnswer = z.strictObject({
  error: z
    .looseObject({
      code: z.string().meta({ description: 'For programs: insufficient_credits, locked, key_reused, …' }),
      message: z.string().meta({ description: 'A sentence for people.' }),
      hint: z.string().meta({ description: 'What to do next.' }),
      fields: z.record(z.string(), z.string()).optional(),
      spendable: count.optional(),
    })
    .meta({ description: 'What went wrong.' }),
  correlationId: z.string(),
});

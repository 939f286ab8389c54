import { z } from 'zod';
import { recordAudit } from '#src/audit/record.ts';
import { isoTime, SECOND_MS } from '#src/core/clock.ts';
import { holdCredits } from '#src/credits/hold.ts';
import { holdAnswer, holdJson } from './answers.ts';
import { defineChange } from './define-route.ts';
import {
  callerIdField,
  creditsField,
  expiresInField,
  namesOne,
  namesOneMessage,
  reasonField,
  who,
} from './fields.ts';
import { refuseLocked, requireCustomer } from './find-customer.ts';

/** Sets credits aside before a call whose price only its end tells, so that many calls at once cannot share one credit. */
export const reserveCredits = defineChange({
  method: 'POST',
  scope: 'consume',
  path: '/api/credits/holds',
  status: 201,
  summary: 'Reserve credits for a call',
  description: 'Settle or void the hold after the call; one that is forgotten lets its credits go by itself.',
  once: 'caller',
  reason: 'Reserved by the product',
  input: z
    .strictObject({
      ...who,
      amount: creditsField,
      expiresIn: expiresInField,
      idempotencyKey: callerIdField.optional(),
      reason: reasonField.optional(),
    })
    .refine(namesOne, namesOneMessage),
  answer: holdAnswer,

  async change({ input }, { sql, cause, now }) {
    const customer = await requireCustomer(sql, input, now);
    refuseLocked(customer);
    const hold = await holdCredits(sql, cause, {
      customerId: customer.customer_id,
      amount: input.amount,
      expiresAt: now + input.expiresIn * SECOND_MS,
    });
    await recordAudit(sql, cause, {
      command: 'credits hold',
      outcome: 'done',
      customerId: customer.customer_id,
      input: { customer: customer.email, amount: input.amount },
      before: null,
      after: { hold: hold.id, held: hold.amount, expiresAt: isoTime(hold.expires_at) },
    });
    return {
      answer: holdJson(hold, customer.customer_id),
      logs: [
        {
          event: 'credits_changed',
          action: 'credits_held',
          customer: customer.customer_id,
          hold: hold.id,
          held: hold.amount,
        },
      ],
    };
  },
});

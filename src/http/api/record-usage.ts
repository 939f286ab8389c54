import { z } from 'zod';
import { recordAudit } from '#src/audit/record.ts';
import { recordUsage } from '#src/usage/record.ts';
import { defineChange } from './define-route.ts';
import {
  callerIdField,
  creditsOrNoneField,
  holdIdField,
  lineField,
  metaField,
  namesOne,
  namesOneMessage,
  timeField,
  who,
} from './fields.ts';
import { refuseLocked, requireCustomer } from './find-customer.ts';

/** The `ai_usage` ledger of the runbook: one row and one debit for each usage id, however often it is sent. */
export const postUsage = defineChange({
  method: 'POST',
  path: '/api/usage',
  status: 201,
  summary: 'Record an AI call, and spend its credits',
  description:
    'Known by `usageId`: sent again, the first answer is repeated. With `hold`, that hold is settled by this usage. Without one, more credits than can be spent are refused and nothing is recorded.',
  once: ({ usageId }) => ({ scope: 'usage', key: usageId }),
  reason: 'AI usage',
  input: z
    .strictObject({
      usageId: callerIdField,
      ...who,
      credits: creditsOrNoneField,
      hold: holdIdField.optional(),
      model: lineField(100).optional(),
      at: timeField.optional().meta({ description: 'When the call was made; now when left out.' }),
      meta: metaField.optional(),
    })
    .refine(namesOne, namesOneMessage),
  answer: z.strictObject({
    usageId: z.string(),
    customer: z.string(),
    credits: z.int().min(0),
    spent: z.int().min(0),
    entry: z.string().nullable().meta({ description: 'The ledger entry; null when nothing was spent.' }),
    correlationId: z.string(),
  }),

  async change({ input }, { sql, cause, now }) {
    const customer = await requireCustomer(sql, input, now);
    if (input.hold === undefined) refuseLocked(customer);
    const { entryId, spent } = await recordUsage(sql, cause, {
      usageId: input.usageId,
      customerId: customer.customer_id,
      credits: input.credits,
      holdId: input.hold ?? null,
      model: input.model ?? null,
      at: input.at === undefined ? now : Date.parse(input.at),
      meta: input.meta ?? {},
    });
    await recordAudit(sql, cause, {
      command: 'usage record',
      outcome: 'done',
      customerId: customer.customer_id,
      input: {
        usage: input.usageId,
        credits: input.credits,
        hold: input.hold ?? null,
        model: input.model ?? null,
      },
      before: null,
      after: { spent, entry: entryId },
    });
    return {
      answer: {
        usageId: input.usageId,
        customer: customer.customer_id,
        credits: input.credits,
        spent,
        entry: entryId,
        correlationId: cause.correlationId,
      },
      logs: [
        {
          event: 'ai_usage',
          action: 'usage_recorded',
          customer: customer.customer_id,
          usage: input.usageId,
          amount: spent === 0 ? 0 : -spent,
          entry: entryId,
        },
      ],
    };
  },
});

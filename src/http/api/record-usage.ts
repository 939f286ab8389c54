import { z } from 'zod';
import { recordAudit } from '#src/audit/record.ts';
import { type Charged, recordUsage, type Usage, usageRow, usageSource } from '#src/usage/record.ts';
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
import { nameOf, refuseLocked, requireCustomer } from './find-customer.ts';

/** The `ai_usage` ledger of the runbook: one row and one debit for each usage id, however often it is sent. */
export const postUsage = defineChange({
  method: 'POST',
  scope: 'usage',
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
    const usage = usageOf(input, customer.customer_id, now);
    const charged = await recordUsage(sql, cause, usage);
    const { answer, audit, logs } = tell(usage, charged, cause.correlationId);
    await recordAudit(sql, cause, audit);
    return { answer, logs };
  },

  asSpend({ input }, cause) {
    if (input.hold !== undefined || input.credits === 0) return null;
    return {
      who: nameOf(input),
      amount: input.credits,
      ...usageSource(input.usageId),
      tell({ customer_id }, entry) {
        const usage = usageOf(input, customer_id, cause.now);
        const charged = { entryId: entry.id, spent: -entry.amount };
        return { ...tell(usage, charged, entry.correlation_id), usage: usageRow(cause, usage, charged) };
      },
    };
  },
});

type Input = {
  usageId: string;
  credits: number;
  hold?: string | undefined;
  model?: string | undefined;
  at?: string | undefined;
  meta?: Usage['meta'] | undefined;
};

function usageOf(input: Input, customerId: string, now: number): Usage {
  return {
    usageId: input.usageId,
    customerId,
    credits: input.credits,
    holdId: input.hold ?? null,
    model: input.model ?? null,
    at: input.at === undefined ? now : Date.parse(input.at),
    meta: input.meta ?? {},
  };
}

function tell(usage: Usage, { entryId, spent }: Charged, correlationId: string) {
  const { usageId, customerId, credits, holdId, model } = usage;
  return {
    answer: { usageId, customer: customerId, credits, spent, entry: entryId, correlationId },
    audit: {
      command: 'usage record',
      outcome: 'done' as const,
      customerId,
      input: { usage: usageId, credits, hold: holdId, model },
      before: null,
      after: { spent, entry: entryId },
    },
    logs: [
      {
        event: 'ai_usage',
        action: 'usage_recorded',
        customer: customerId,
        usage: usageId,
        amount: spent === 0 ? 0 : -spent,
        entry: entryId,
      },
    ],
  };
}

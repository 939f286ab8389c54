import { z } from 'zod';
import { recordAudit } from '#src/audit/record.ts';
import { recordReport } from '#src/usage/record.ts';
import { defineChange } from './define-route.ts';
import { callerIdField, lineField, metaField, namesOne, namesOneMessage, timeField, who } from './fields.ts';
import { requireCustomer } from './find-customer.ts';

/** The playbook's `reports` counter: what a customer really got, to lay beside a dispute. It costs no credits. */
export const postReport = defineChange({
  method: 'POST',
  scope: 'reports',
  path: '/api/reports',
  status: 201,
  summary: 'Record a report that a customer made',
  description: 'Known by `reportId`: sent again, the first answer is repeated.',
  once: ({ reportId }) => ({ scope: 'report', key: reportId }),
  reason: 'Report made in the product',
  input: z
    .strictObject({
      reportId: callerIdField,
      ...who,
      at: timeField.optional().meta({ description: 'When it was made; now when left out.' }),
      kind: lineField(100).optional(),
      meta: metaField.optional(),
    })
    .refine(namesOne, namesOneMessage),
  answer: z.strictObject({ reportId: z.string(), customer: z.string(), correlationId: z.string() }),

  async change({ input }, { sql, cause, now }) {
    const { customer_id, email } = await requireCustomer(sql, input, now);
    await recordReport(sql, cause, {
      reportId: input.reportId,
      customerId: customer_id,
      kind: input.kind ?? null,
      at: input.at === undefined ? now : Date.parse(input.at),
      meta: input.meta ?? {},
    });
    await recordAudit(sql, cause, {
      command: 'report record',
      outcome: 'done',
      customerId: customer_id,
      input: { customer: email, report: input.reportId, kind: input.kind ?? null },
      before: null,
      after: null,
    });
    return {
      answer: { reportId: input.reportId, customer: customer_id, correlationId: cause.correlationId },
      logs: [{ event: 'report', action: 'report_recorded', customer: customer_id, report: input.reportId }],
    };
  },
});

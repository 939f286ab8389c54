import { type AiUsageRow, insertUsage } from '#db/ai-usage.ts';
import type { Sql } from '#db/connection.ts';
import { insertReport } from '#db/reports.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import { requireHold, settleHold } from '#src/credits/end-hold.ts';
import { spendCredits } from '#src/credits/spend.ts';

type Meta = Readonly<Record<string, string | number | boolean | null>>;

export type Usage = {
  usageId: string;
  customerId: string;
  /** Whole credits; 0 for a call that cost nothing. */
  credits: number;
  /** The hold that was taken for this call; it is settled by it. */
  holdId: string | null;
  model: string | null;
  at: number;
  meta: Meta;
};

/** What was spent for it, by which entry; less than its credits only when a hold had lost its cover. */
export type Charged = { entryId: string | null; spent: number };

/** One AI call and its debit, in one transaction: there is never one without the other. */
export async function recordUsage(sql: Sql, cause: Cause, usage: Usage): Promise<Charged> {
  const charged = await charge(sql, cause, usage);
  await insertUsage(sql, usageRow(cause, usage, charged));
  return charged;
}

/** Under which key the ledger knows the debit of a usage. */
export function usageSource(usageId: string) {
  return { key: `usage:${usageId}`, sourceKind: 'usage', sourceId: usageId };
}

/** The row as it is written. */
export function usageRow(cause: Cause, usage: Usage, charged: Charged): AiUsageRow {
  return {
    usage_id: usage.usageId,
    customer_id: usage.customerId,
    credits: usage.credits,
    entry_id: charged.entryId,
    hold_id: usage.holdId,
    model: usage.model,
    meta: JSON.stringify(usage.meta),
    at: usage.at,
    received_at: cause.now,
    actor: cause.actor.id,
    correlation_id: cause.correlationId,
  };
}

async function charge(sql: Sql, cause: Cause, usage: Usage): Promise<Charged> {
  if (usage.holdId !== null) return chargeHold(sql, cause, usage, usage.holdId);
  if (usage.credits === 0) return { entryId: null, spent: 0 };
  const { entry } = await spendCredits(sql, cause, {
    customerId: usage.customerId,
    amount: usage.credits,
    ...usageSource(usage.usageId),
  });
  return { entryId: entry.id, spent: -entry.amount };
}

async function chargeHold(sql: Sql, cause: Cause, usage: Usage, holdId: string): Promise<Charged> {
  const { customerId } = await requireHold(sql, holdId);
  if (customerId !== usage.customerId) {
    throw new UserError(
      'conflict',
      `The hold ${holdId} belongs to another customer, so nothing was changed.`,
      'Send the customer for whom the credits were reserved.',
    );
  }
  const { hold, isNew } = await settleHold(sql, cause, holdId, usage.credits);
  if (isNew) return { entryId: hold.entry_id, spent: hold.settled };
  throw new UserError(
    'conflict',
    `The hold ${holdId} is settled already, so this usage cannot be charged to it.`,
    'Settle a hold once: by its usage, or by POST /api/credits/holds/ID/settle.',
  );
}

export type Report = {
  reportId: string;
  customerId: string;
  kind: string | null;
  at: number;
  meta: Meta;
};

/** One thing that the product made for a customer: disputes compare the count with what was paid. */
export async function recordReport(sql: Sql, cause: Cause, report: Report): Promise<void> {
  await insertReport(sql, {
    report_id: report.reportId,
    customer_id: report.customerId,
    kind: report.kind,
    meta: JSON.stringify(report.meta),
    at: report.at,
    received_at: cause.now,
    actor: cause.actor.id,
    correlation_id: cause.correlationId,
  });
}

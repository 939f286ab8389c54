import type { ApprovalRow } from './approvals.ts';
import type { AuditEventRow } from './audit-events.ts';
import type { Sql } from './connection.ts';
import type { CreditEntryRow } from './credit-entries.ts';
import type { EntitlementChangeRow } from './entitlements.ts';
import type { FindingRow } from './findings.ts';
import type { GracePeriodRow } from './grace-periods.ts';
import type { PaymentRow } from './payments.ts';
import type { RunRow } from './runs.ts';
import { searchSharedSpends } from './shared-spends.ts';
import type { StripeEffectRow } from './stripe-effects.ts';
import type { StripeEventRow } from './stripe-events.ts';

/** Everything that is kept about one customer. */
type HistoryRows = {
  audit_events: AuditEventRow;
  runs: RunRow;
  approvals: ApprovalRow;
  stripe_effects: StripeEffectRow;
  entitlement_changes: EntitlementChangeRow;
  credit_entries: CreditEntryRow;
  findings: FindingRow;
  grace_periods: GracePeriodRow;
  payments: PaymentRow;
  stripe_events: StripeEventRow;
};

/** When a row of each table happened, and whose it is. */
const columnsOf: Record<keyof HistoryRows, { at: string; owner: string }> = {
  audit_events: { at: 'at', owner: 'customer_id' },
  runs: { at: 'created_at', owner: 'customer_id' },
  approvals: { at: 'created_at', owner: 'customer_id' },
  stripe_effects: { at: 'created_at', owner: 'customer_id' },
  entitlement_changes: { at: 'at', owner: 'customer_id' },
  credit_entries: { at: 'at', owner: 'account_id' },
  findings: { at: 'opened_at', owner: 'customer_id' },
  grace_periods: { at: 'started_at', owner: 'customer_id' },
  payments: { at: 'paid_at', owner: 'customer_id' },
  stripe_events: { at: 'created_at', owner: 'stripe_customer_id' },
};

export type Span = { from: number; to: number; limit: number };

/** The newest rows of one table between two moments, both included, of one of these owners; in their order. */
export async function listNewestOf<T extends keyof HistoryRows>(
  sql: Sql,
  table: T,
  owners: readonly string[],
  { from, to, limit }: Span,
): Promise<HistoryRows[T][]> {
  const { at, owner } = columnsOf[table];
  const rows: unknown[] = await sql(table)
    .whereIn(owner, [...owners])
    .whereBetween(at, [from, to])
    .orderBy([
      { column: at, order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit);
  if (table !== 'audit_events') return rows.reverse() as HistoryRows[T][];
  const all = [...(rows as AuditEventRow[]), ...(await listNewestShared(sql, owners, { from, to, limit }))];
  const newest = all.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1)).slice(0, limit);
  return newest.reverse() as HistoryRows[T][];
}

/** The audit of spends that share a row (decision 0025). */
async function listNewestShared(
  sql: Sql,
  owners: readonly string[],
  { from, to, limit }: Span,
): Promise<AuditEventRow[]> {
  const of = (customerId: string) => searchSharedSpends(sql, { customerId, from, to }, null, limit);
  return (await Promise.all(owners.map(of))).flat();
}

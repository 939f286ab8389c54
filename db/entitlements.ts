import { engineOf, type Sql } from './connection.ts';

export type Access = 'full' | 'grace' | 'restricted' | 'locked';
export type EntitlementSource = 'subscription' | 'manual' | 'override' | 'default';

export type EntitlementRow = {
  customer_id: string;
  tier: string;
  /** What the subscriptions give beneath what staff gave; null while nobody looked. */
  paid_tier?: string | null;
  access: Access;
  source: EntitlementSource;
  source_ref: string | null;
  pending_tier: string | null;
  pending_at: number | null;
  grace_deadline_at: number | null;
  inputs_hash: string;
  version: number;
  updated_at: number;
};

export type EntitlementChangeRow = {
  id: string;
  customer_id: string;
  version: number;
  from_tier: string;
  to_tier: string;
  from_access: string;
  to_access: string;
  source: string;
  cause: 'event' | 'timer' | 'staff';
  cause_ref: string;
  actor: string;
  reason: string;
  correlation_id: string;
  at: number;
};

export async function insertEntitlement(sql: Sql, row: EntitlementRow): Promise<void> {
  await sql('entitlements').insert(row).onConflict('customer_id').ignore();
}

export async function findEntitlement(sql: Sql, customerId: string): Promise<EntitlementRow | undefined> {
  return sql<EntitlementRow>('entitlements').where({ customer_id: customerId }).first();
}

/** Holds the row, so that two recomputations of one customer follow each other. */
export async function lockEntitlement(sql: Sql, customerId: string): Promise<EntitlementRow | undefined> {
  const query = sql<EntitlementRow>('entitlements').where({ customer_id: customerId }).first();
  return engineOf(sql) === 'postgres' ? query.forUpdate() : query;
}

export async function updateEntitlement(sql: Sql, row: EntitlementRow): Promise<void> {
  await sql('entitlements').where({ customer_id: row.customer_id }).update(row);
}

export async function insertEntitlementChange(sql: Sql, row: EntitlementChangeRow): Promise<void> {
  await sql('entitlement_changes').insert(row);
}

export async function listEntitlementChanges(
  sql: Sql,
  customerId: string,
  limit: number,
): Promise<EntitlementChangeRow[]> {
  return sql<EntitlementChangeRow>('entitlement_changes')
    .where({ customer_id: customerId })
    .orderBy('version', 'desc')
    .limit(limit);
}

export async function listChangesByCorrelation(
  sql: Sql,
  correlationId: string,
): Promise<EntitlementChangeRow[]> {
  return sql<EntitlementChangeRow>('entitlement_changes')
    .where({ correlation_id: correlationId })
    .orderBy('at')
    .limit(100);
}

export async function listChangesByCause(sql: Sql, causeRef: string): Promise<EntitlementChangeRow[]> {
  return sql<EntitlementChangeRow>('entitlement_changes')
    .where({ cause_ref: causeRef })
    .orderBy('at')
    .limit(100);
}

export async function findEntitlementChange(sql: Sql, id: string): Promise<EntitlementChangeRow | undefined> {
  return sql<EntitlementChangeRow>('entitlement_changes').where({ id }).first();
}

export async function listChangesBetween(
  sql: Sql,
  customerId: string,
  from: number,
  to: number,
): Promise<EntitlementChangeRow[]> {
  return sql<EntitlementChangeRow>('entitlement_changes')
    .where({ customer_id: customerId })
    .whereBetween('at', [from, to])
    .orderBy('version')
    .limit(200);
}

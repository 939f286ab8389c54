import type { Sql } from './connection.ts';

/** Columns that name a row elsewhere without a foreign key, because they may be written before or without it. */
const references = [
  ['approvals', 'run_id', 'runs', 'id'],
  ['audit_seals', 'audit_id', 'audit_events', 'id'],
  ['audit_unsealed', 'audit_id', 'audit_events', 'id'],
  ['batches', 'run_id', 'runs', 'id'],
  ['credit_entries', 'audit_id', 'audit_events', 'id'],
  ['credit_entries', 'lot_id', 'credit_lots', 'id'],
  ['credit_entries', 'reversal_of', 'credit_entries', 'id'],
  ['credit_lots', 'payment_id', 'payments', 'id'],
  ['disputes', 'customer_id', 'customers', 'id'],
  ['payments', 'customer_id', 'customers', 'id'],
  ['rollbacks', 'run_id', 'runs', 'id'],
  ['runs', 'customer_id', 'customers', 'id'],
  ['stripe_effects', 'run_id', 'runs', 'id'],
] as const;

export type Orphans = { table: string; column: string; rows: number };

/** Rows that name one which is not there. */
export async function listOrphans(sql: Sql): Promise<Orphans[]> {
  const found: Orphans[] = [];
  for (const [table, column, parent, key] of references) {
    const [row] = await sql(`${table} as c`)
      .leftJoin(`${parent} as p`, `p.${key}`, `c.${column}`)
      .whereNotNull(`c.${column}`)
      .whereNull(`p.${key}`)
      .count({ rows: '*' });
    const rows = Number((row as { rows: number }).rows);
    if (rows > 0) found.push({ table, column, rows });
  }
  return found;
}

/** Customers whose present tier or access is not what the last of their changes led to. */
export async function countStrayEntitlements(sql: Sql): Promise<number> {
  const last = sql('entitlement_changes')
    .select('customer_id')
    .max({ version: 'version' })
    .groupBy('customer_id');
  const [row] = await sql('entitlements as e')
    .leftJoin(last.as('l'), 'l.customer_id', 'e.customer_id')
    .leftJoin('entitlement_changes as c', (on) =>
      on.on('c.customer_id', 'l.customer_id').andOn('c.version', 'l.version'),
    )
    .whereRaw(
      '(coalesce(l.version, 0) <> e.version or (c.id is not null and (c.to_tier <> e.tier or c.to_access <> e.access)))',
    )
    .count({ rows: '*' });
  return Number((row as { rows: number }).rows);
}

/** Guards that are off, and keys that were never proved: there must be none. Postgres only. */
export async function countOpenGuards(sql: Sql): Promise<number> {
  const { rows } = await sql.raw(`
    select (select count(*) from pg_trigger join pg_class on pg_class.oid = tgrelid
             where relnamespace = current_schema()::regnamespace and tgenabled <> 'O')
         + (select count(*) from pg_constraint
             where connamespace = current_schema()::regnamespace and not convalidated)
         + (select count(*) from pg_index join pg_class on pg_class.oid = indexrelid
             where relnamespace = current_schema()::regnamespace and not indisvalid) as open`);
  return Number(rows[0].open);
}

/** So that the first questions are answered well: nothing is known of the new rows otherwise. */
export async function refreshStatistics(sql: Sql): Promise<void> {
  await sql.raw('analyze');
}

import type { Row } from './sync-batch-conditions.ts';
import type { Kept, SyncBatchRows } from './sync-batch-rows.ts';

/** Rows of one table that are written alike. */
export type Changes =
  | { kind: 'insert'; table: string; columns: readonly string[]; rows: Row[]; conflict: string }
  | { kind: 'update'; table: string; key: string; columns: readonly string[]; rows: Row[] };

/** What is named by others comes before them; tables that are not here come last. */
const order = [
  'customer_links',
  'entitlements',
  'entitlement_changes',
  'subscriptions',
  'payments',
  'credit_accounts',
  'credit_lots',
  'credit_entries',
  'credit_allocations',
];

/** What a batch has changed, in the order in which it is written; what came to the same is not written. */
export function changesOf(rows: SyncBatchRows): Changes[] {
  const found = new Map<string, Changes>();
  for (const [table, { rows: kept, shape }] of rows.tables)
    for (const one of kept.values()) addKept(found, table, shape.key, one);
  for (const [table, blind] of rows.blind)
    for (const { row, conflict } of blind) addInsert(found, table, row, conflict);
  const place = ({ table }: Changes) => (order.includes(table) ? order.indexOf(table) : order.length);
  return [...found.values()].sort((a, b) => place(a) - place(b));
}

function addKept(found: Map<string, Changes>, table: string, key: string, { row, was, isGone }: Kept): void {
  if (isGone || row === was) return;
  if (was === null) addInsert(found, table, row, '');
  else addUpdate(found, table, key, row, was);
}

function addUpdate(found: Map<string, Changes>, table: string, key: string, row: Row, was: Row): void {
  const columns = Object.keys(row).filter((column) => row[column] !== was[column]);
  if (columns.length === 0) return;
  const name = `update ${table} ${columns.join()}`;
  const known = found.get(name);
  if (known) known.rows.push(row);
  else found.set(name, { kind: 'update', table, key, columns, rows: [row] });
}

function addInsert(found: Map<string, Changes>, table: string, row: Row, conflict: string): void {
  const columns = Object.keys(row);
  const name = `insert ${table} ${columns.join()} ${conflict}`;
  const known = found.get(name);
  if (known) known.rows.push(row);
  else found.set(name, { kind: 'insert', table, columns, rows: [row], conflict });
}

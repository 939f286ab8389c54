import type { Row } from './sync-batch-conditions.ts';
import type { Blind, Kept, SyncBatchRows } from './sync-batch-rows.ts';

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
  for (const [table, blind] of rows.blind) addBlind(found, table, blind);
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

/**
 * No statement may write a row twice, and of two that set the same one, such as two timers, the second comes after the
 * first: what has the key of one before it is written in a later statement than that one.
 */
function addBlind(found: Map<string, Changes>, table: string, blind: readonly Blind[]): void {
  const seen = new Map<string, number>();
  const rounds: Blind[][] = [];
  for (const each of blind) {
    const key = targetOf(each);
    const round = key === null ? 0 : (seen.get(key) ?? 0);
    if (key !== null) seen.set(key, round + 1);
    const some = rounds[round] ?? [];
    some.push(each);
    rounds[round] = some;
  }
  for (const [round, some] of rounds.entries())
    for (const { row, conflict } of some) addInsert(found, table, row, conflict, round);
}

/** By what the database knows whether the row is there already; null where it does not look. */
function targetOf({ row, conflict }: Blind): string | null {
  const [, target] = /^on conflict \(([\w, ]+)\)/.exec(conflict) ?? [];
  return target ? JSON.stringify(target.split(', ').map((column) => [column, row[column]])) : null;
}

function addInsert(found: Map<string, Changes>, table: string, row: Row, conflict: string, round = 0): void {
  const columns = Object.keys(row);
  const name = `insert ${round} ${table} ${columns.join()} ${conflict}`;
  const known = found.get(name);
  if (known) known.rows.push(row);
  else found.set(name, { kind: 'insert', table, columns, rows: [row], conflict });
}

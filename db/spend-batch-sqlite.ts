import type { CreditEntryRow } from './credit-entries.ts';
import { type BatchTable, columnsOf } from './spend-batch-columns.ts';
import type { SpendFacts, SpendQuestion, SpendRows } from './spend-batch-shapes.ts';
import { readFactsInSqlite } from './spend-facts-sqlite.ts';
import { prepared, type SqliteConnection } from './sqlite-client.ts';

/** One batch of spends on SQLite: in one turn of the event loop, with the write lock from the beginning. */
export function workInSqlite<Decided extends { rows: SpendRows }>(
  connection: SqliteConnection,
  questions: readonly SpendQuestion[],
  decide: (facts: SpendFacts) => Decided,
): Decided {
  prepared(connection, 'begin immediate').run();
  try {
    const decided = decide(readFactsInSqlite(connection, questions));
    write(connection, decided.rows);
    prepared(connection, 'commit').run();
    return decided;
  } catch (error) {
    if (connection.inTransaction) connection.exec('rollback');
    throw error;
  }
}

function write(connection: SqliteConnection, rows: SpendRows): void {
  insertEntries(connection, rows.entries);
  insertAll(connection, 'credit_allocations', rows.allocations);
  insertAll(connection, 'audit_events', rows.audits);
  insertAll(connection, 'api_requests', rows.requests);
  insertAll(connection, 'ai_usage', rows.usages);
  const account = prepared(connection, 'update credit_accounts set balance = ?, next_seq = ? where id = ?');
  for (const { id, balance, next_seq } of rows.accounts) account.run(balance, next_seq, id);
  const lot = prepared(connection, 'update credit_lots set remaining = ? where id = ?');
  for (const { id, remaining } of rows.lots) lot.run(remaining, id);
}

/** A spend reverses nothing; each value that is bound and each name that is looked up costs, so they stand here by hand. */
const entrySql = `
  insert into credit_entries (id, account_id, seq, type, amount, balance_after, idempotency_key, fingerprint,
    source_kind, source_id, actor, reason, ticket, correlation_id, at, lot_id, audit_id, asked)
  values (?, ?, ?, 'spend', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

function insertEntries(connection: SqliteConnection, rows: readonly CreditEntryRow[]): void {
  const statement = prepared(connection, entrySql);
  for (const row of rows)
    statement.run(
      row.id,
      row.account_id,
      row.seq,
      row.amount,
      row.balance_after,
      row.idempotency_key,
      row.fingerprint,
      row.source_kind,
      row.source_id,
      row.actor,
      row.reason,
      row.ticket,
      row.correlation_id,
      row.at,
      row.lot_id,
      row.audit_id,
      row.asked,
    );
}

const inserts = Object.fromEntries(
  Object.entries(columnsOf).map(([table, columns]) => {
    const names = Object.keys(columns);
    return [
      table,
      {
        names,
        sql: `insert into ${table} (${names.map((name) => `"${name}"`).join(', ')}) values (${names.map(() => '?').join(', ')})`,
      },
    ];
  }),
) as Record<BatchTable, { names: string[]; sql: string }>;

function insertAll(connection: SqliteConnection, table: BatchTable, rows: readonly object[]): void {
  if (rows.length === 0) return;
  const { names, sql } = inserts[table];
  const statement = prepared(connection, sql);
  for (const row of rows as Record<string, unknown>[]) statement.run(names.map((name) => row[name]));
}

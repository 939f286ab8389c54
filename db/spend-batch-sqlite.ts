import type { ApiRequestRow } from './api-requests.ts';
import type { CreditLotRow } from './credit-lots.ts';
import type { Access } from './entitlements.ts';
import { closedUntilSql } from './maintenance.ts';
import type { CustomerName } from './product-customers.ts';
import { type BatchTable, columnsOf } from './spend-batch-columns.ts';
import {
  requestName,
  type SpendCustomer,
  type SpendFacts,
  type SpendQuestion,
  type SpendRows,
} from './spend-batch-shapes.ts';
import { prepared, type SqliteConnection } from './sqlite-client.ts';

/** One batch of spends on SQLite: in one turn of the event loop, with the write lock from the beginning. */
export function workInSqlite<Decided extends { rows: SpendRows }>(
  connection: SqliteConnection,
  questions: readonly SpendQuestion[],
  decide: (facts: SpendFacts) => Decided,
): Decided {
  prepared(connection, 'begin immediate').run();
  try {
    const decided = decide(readFacts(connection, questions));
    write(connection, decided.rows);
    prepared(connection, 'commit').run();
    return decided;
  } catch (error) {
    if (connection.inTransaction) connection.exec('rollback');
    throw error;
  }
}

const standing = `
  select c.id as customer_id, c.email, e.access, a.id, a.balance, a.held, a.debt, a.next_seq
  from customers c
  join credit_accounts a on a.customer_id = c.id
  left join entitlements e on e.customer_id = c.id where`;

const standingBy = {
  email: `${standing} c.email = ?`,
  id: `${standing} c.id = ?`,
  productId: `${standing} c.id = (select customer_id from product_customers where product_id = ?)`,
  stripe: `${standing} c.id = (
    select customer_id from customer_links where stripe_customer_id = ? and status <> 'removed')`,
};

const requestSql = 'select fingerprint, status, answer from api_requests where scope = ? and key = ?';
const usedSql = 'select 1 from credit_entries where idempotency_key = ?';
const lotsSql = `
  select * from credit_lots where account_id = ? and remaining > 0
  order by priority, expires_at is null, expires_at, created_at, id`;

type StandingRow = {
  customer_id: string;
  email: string;
  access: Access | null;
  id: string;
  balance: number;
  held: number;
  debt: number;
  next_seq: number;
};

function readFacts(connection: SqliteConnection, questions: readonly SpendQuestion[]): SpendFacts {
  const known = new Map<string, SpendCustomer | null>();
  const requests = new Map<string, ApiRequestRow>();
  const usedEntryKeys = new Set<string>();
  const lots = new Map<string, CreditLotRow[]>();
  const accounts = new Map<string, SpendCustomer>();

  function customerOf(who: CustomerName): SpendCustomer | null {
    const [[kind, name] = ['', '']] = Object.entries(who);
    const seen = known.get(`${kind}:${name}`);
    if (seen !== undefined) return seen;
    const sql = standingBy[kind as keyof typeof standingBy];
    const row = prepared(connection, sql).get(name) as StandingRow | undefined;
    const found = row ? (accounts.get(row.id) ?? firstSeen(row)) : null;
    known.set(`${kind}:${name}`, found);
    return found;
  }

  function firstSeen({ customer_id, email, access, ...account }: StandingRow): SpendCustomer {
    const found = { customer_id, email, access, account: { ...account, customer_id } };
    accounts.set(account.id, found);
    lots.set(account.id, prepared(connection, lotsSql).all(account.id) as CreditLotRow[]);
    return found;
  }

  const customers = questions.map(({ who, request, entryKey }) => {
    const row = prepared(connection, requestSql).get(request.scope, request.key);
    if (row) requests.set(requestName(request), row as ApiRequestRow);
    if (prepared(connection, usedSql).get(entryKey)) usedEntryKeys.add(entryKey);
    return customerOf(who);
  });
  const closed = prepared(connection, `select ${closedUntilSql} as until`).get() as { until: number | null };
  return { closedUntil: closed.until, customers, requests, usedEntryKeys, lots };
}

function write(connection: SqliteConnection, rows: SpendRows): void {
  insertAll(connection, 'credit_entries', rows.entries);
  insertAll(connection, 'credit_allocations', rows.allocations);
  insertAll(connection, 'audit_events', rows.audits);
  insertAll(connection, 'api_requests', rows.requests);
  insertAll(connection, 'ai_usage', rows.usages);
  const account = prepared(connection, 'update credit_accounts set balance = ?, next_seq = ? where id = ?');
  for (const { id, balance, next_seq } of rows.accounts) account.run(balance, next_seq, id);
  const lot = prepared(connection, 'update credit_lots set remaining = ? where id = ?');
  for (const { id, remaining } of rows.lots) lot.run(remaining, id);
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

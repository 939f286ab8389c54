import type { ApiRequestRow } from './api-requests.ts';
import type { CreditAccountRow } from './credit-accounts.ts';
import type { CreditEntryRow } from './credit-entries.ts';
import type { Access } from './entitlements.ts';
import { closedUntilSql } from './maintenance.ts';
import type { CustomerName } from './product-customers.ts';
import { type BatchTable, columnsOf } from './spend-batch-columns.ts';
import {
  inSpendingOrder,
  requestName,
  type SpendableLot,
  type SpendCustomer,
  type SpendFacts,
  type SpendQuestion,
  type SpendRows,
  type SpentBefore,
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

/**
 * One table each: the database spends more on the cursors of a join, and on an order, than on what is found. Columns that
 * nobody looks at are left out for the same reason.
 */
const customerBy = {
  email: 'select id, email from customers where email = ?',
  id: 'select id, email from customers where id = ?',
  productId:
    'select id, email from customers where id = (select customer_id from product_customers where product_id = ?)',
  stripe: `select id, email from customers where id = (
    select customer_id from customer_links where stripe_customer_id = ? and status <> 'removed')`,
};
const customerOfAccountSql =
  'select id as customer_id, email from customers where id = (select customer_id from credit_accounts where id = ?)';
const accessSql = 'select access from entitlements where customer_id = ?';
const accountSql =
  'select id, customer_id, balance, held, debt, next_seq from credit_accounts where customer_id = ?';
const requestSql = 'select fingerprint, status, answer from api_requests where scope = ? and key = ?';
const spentSql = 'select * from credit_entries where idempotency_key = ?';
const lotsSql = `
  select id, priority, remaining, expires_at, frozen_at, created_at
  from credit_lots where account_id = ? and remaining > 0`;

/** What was asked once in this transaction, and the answer; also that there is none. */
type Found = { customers: Map<string, SpendCustomer | null>; byId: Map<string, SpendCustomer | null> };

function readFacts(connection: SqliteConnection, questions: readonly SpendQuestion[]): SpendFacts {
  const request = prepared(connection, requestSql);
  const entry = prepared(connection, spentSql);
  const requests = new Map<string, ApiRequestRow>();
  const spent = new Map<string, SpentBefore>();
  const found: Found = { customers: new Map(), byId: new Map() };
  const customers = questions.map((question) => {
    const { who, entryKey } = question;
    const asked = request.get(question.request.scope, question.request.key);
    if (asked) requests.set(requestName(question.request), asked as ApiRequestRow);
    const before = entry.get(entryKey) as CreditEntryRow | undefined;
    if (before) spent.set(entryKey, { ...before, ...ownerOf(connection, before) });
    return customerOf(connection, found, who);
  });
  const closed = prepared(connection, `select ${closedUntilSql} as until`).get() as { until: number | null };
  return { closedUntil: closed.until, customers, requests, spent };
}

function ownerOf(connection: SqliteConnection, { account_id }: CreditEntryRow) {
  return prepared(connection, customerOfAccountSql).get(account_id) as { customer_id: string; email: string };
}

function customerOf(connection: SqliteConnection, found: Found, who: CustomerName): SpendCustomer | null {
  const [[kind, name] = ['', '']] = Object.entries(who);
  const asked = `${kind}:${name}`;
  const seen = found.customers.get(asked);
  if (seen !== undefined) return seen;
  const row = prepared(connection, customerBy[kind as keyof typeof customerBy]).get(name) as
    | { id: string; email: string }
    | undefined;
  // The same customer may have several names, and has one account.
  const known = row && found.byId.get(row.id);
  const customer = known !== undefined ? known : row ? readCustomer(connection, row) : null;
  found.customers.set(asked, customer);
  if (row) found.byId.set(row.id, customer);
  return customer;
}

function readCustomer(
  connection: SqliteConnection,
  { id, email }: { id: string; email: string },
): SpendCustomer | null {
  const account = prepared(connection, accountSql).get(id) as CreditAccountRow | undefined;
  if (!account) return null;
  const entitled = prepared(connection, accessSql).get(id) as { access: Access } | undefined;
  const lots = prepared(connection, lotsSql).all(account.id) as SpendableLot[];
  if (lots.length > 1) lots.sort(inSpendingOrder);
  return { customer_id: id, email, access: entitled?.access ?? null, account, lots };
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

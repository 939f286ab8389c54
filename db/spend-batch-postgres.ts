import type { Client } from 'pg';
import type { ApiRequestRow } from './api-requests.ts';
import type { CreditAccountRow } from './credit-accounts.ts';
import type { Access } from './entitlements.ts';
import { closedUntilSql } from './maintenance.ts';
import { plansByIndex } from './plans-by-index.ts';
import { postgresArray } from './postgres-array.ts';
import { type BatchTable, columnsOf } from './spend-batch-columns.ts';
import { namesAsked } from './spend-batch-names.ts';
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
import { withoutValues } from './without-values.ts';

/**
 * One batch of spends on Postgres. The accounts are locked first, in the order of their ids; what is read after that is
 * what every transaction before left on them, so a key that another process just used on one of them is seen.
 */
export async function workInPostgres<Decided extends { rows: SpendRows }>(
  connection: Client,
  questions: readonly SpendQuestion[],
  decide: (facts: SpendFacts) => Decided,
): Promise<Decided> {
  try {
    await connection.query(beginSql);
    const decided = decide(await readFacts(connection, questions));
    await write(connection, decided.rows);
    await connection.query('commit');
    return decided;
  } catch (error) {
    await connection.query('rollback').catch(() => {});
    throw withoutValues(error);
  }
}

export const beginSql = `begin; ${plansByIndex}`;

const customersSql = `
  select n.place, c.id as customer_id, c.email, e.access, ${closedUntilSql} as closed_until
  from unnest($1::text[], $2::text[]) with ordinality as n(kind, name, place)
  join customers c on c.id = case n.kind
    when 'id' then n.name
    when 'email' then (select k.id from customers k where k.email = n.name)
    when 'productId' then (select p.customer_id from product_customers p where p.product_id = n.name)
    else (select l.customer_id from customer_links l where l.stripe_customer_id = n.name and l.status <> 'removed')
  end
  left join entitlements e on e.customer_id = c.id`;

/** Columns by name: a prepared statement that answers `*` fails from the moment on that a newer release adds one. */
const accountsSql =
  'select id, customer_id, balance, held, debt, next_seq from credit_accounts where customer_id = any($1) order by id for update';

/**
 * One statement, because each is a round trip; after the accounts are held, so that all of it is what stands now. Lots come
 * as columns, of which there is one for nearly every spend; the others are rare, and come as JSON. `lateral` and `limit` have
 * each key looked up by itself, where a join could be planned as one pass over all that was ever spent.
 */
export const standingSql = `
  select account_id, id, priority, remaining, expires_at, frozen_at, created_at,
    null::json as request, null::json as spent
  from credit_lots where account_id = any($1) and remaining > 0
  union all
  select null, null, null, null, null, null, null, row_to_json(q), null from (
    select r.scope, r.key, r.fingerprint, r.status, r.answer
    from unnest($2::text[], $3::text[]) as k(scope, key)
    cross join lateral (select * from api_requests a where a.scope = k.scope and a.key = k.key limit 1) r) q
  union all
  select null, null, null, null, null, null, null, null, row_to_json(s) from (
    select e.*, c.id as customer_id, c.email
    from unnest($4::text[]) as k(key)
    cross join lateral (select * from credit_entries n where n.idempotency_key = k.key limit 1) e
    cross join lateral (select a.customer_id from credit_accounts a where a.id = e.account_id limit 1) a
    cross join lateral (select c.id, c.email from customers c where c.id = a.customer_id limit 1) c) s`;

type StandingRow = SpendableLot & {
  account_id: string;
  request: ApiRequestRow | null;
  spent: SpentBefore | null;
};

type CustomerRow = {
  place: number;
  customer_id: string;
  email: string;
  access: Access | null;
  closed_until: number | null;
};

async function readFacts(connection: Client, questions: readonly SpendQuestion[]): Promise<SpendFacts> {
  const ask = async <Row>(name: string, text: string, values: unknown[]): Promise<Row[]> =>
    (await connection.query({ name: `lucy-spend-${name}`, text, values })).rows as Row[];
  const { names, placeOf } = namesAsked(questions);
  const found = await ask<CustomerRow>('customers', customersSql, [
    postgresArray(names.map(({ kind }) => kind)),
    postgresArray(names.map(({ name }) => name)),
  ]);
  const ids = [...new Set(found.map((row) => row.customer_id))];
  const accounts = await ask<CreditAccountRow>('accounts', accountsSql, [postgresArray(ids)]);
  const standing = await ask<StandingRow>('standing', standingSql, [
    postgresArray(accounts.map(({ id }) => id)),
    postgresArray(questions.map(({ request }) => request.scope)),
    postgresArray(questions.map(({ request }) => request.key)),
    postgresArray(questions.map(({ entryKey }) => entryKey)),
  ]);
  const lots = new Map<string, SpendableLot[]>(accounts.map(({ id }) => [id, []]));
  const requests = new Map<string, ApiRequestRow>();
  const spent = new Map<string, SpentBefore>();
  for (const row of standing)
    if (row.request) requests.set(requestName(row.request), row.request);
    else if (row.spent) spent.set(row.spent.idempotency_key, row.spent);
    else lots.get(row.account_id)?.push(row);
  for (const own of lots.values()) if (own.length > 1) own.sort(inSpendingOrder);
  const accountOf = new Map(accounts.map((account) => [account.customer_id, account]));
  const customers: (SpendCustomer | null)[] = names.map(() => null);
  for (const { place, closed_until: _closed, ...customer } of found) {
    const account = accountOf.get(customer.customer_id);
    if (account) customers[Number(place) - 1] = { ...customer, account, lots: lots.get(account.id) ?? [] };
  }
  return {
    closedUntil: found[0]?.closed_until == null ? null : Number(found[0].closed_until),
    customers: placeOf.map((place) => customers[place] ?? null),
    requests,
    spent,
  };
}

const tables = Object.entries(columnsOf);
let parameter = 0;
const next = (type: string) => `$${++parameter}::${type}[]`;

/** One statement writes a batch: an insert for each table, and the accounts and lots as they are afterwards. */
const writeSql = `with ${tables
  .map(([table, columns]) => {
    const names = Object.keys(columns).map((name) => `"${name}"`);
    return `into_${table} as (insert into ${table} (${names.join(', ')}) select * from unnest(${Object.values(columns).map(next).join(', ')}))`;
  })
  .join(', ')}, drawn as (
    update credit_lots l set remaining = n.remaining
    from unnest(${next('text')}, ${next('bigint')}) as n(id, remaining) where l.id = n.id)
  update credit_accounts a set balance = n.balance, next_seq = n.next_seq
  from unnest(${next('text')}, ${next('bigint')}, ${next('bigint')}) as n(id, balance, next_seq) where a.id = n.id`;

async function write(connection: Client, rows: SpendRows): Promise<void> {
  if (rows.entries.length === 0) return;
  const rowsOf: Record<BatchTable, readonly object[]> = {
    credit_entries: rows.entries,
    credit_allocations: rows.allocations,
    audit_events: rows.audits,
    api_requests: rows.requests,
    ai_usage: rows.usages,
  };
  const values = [
    ...tables.flatMap(([table, columns]) => {
      const written = rowsOf[table as BatchTable] as readonly Record<string, string | number | null>[];
      return Object.keys(columns).map((name) => postgresArray(written.map((row) => row[name])));
    }),
    postgresArray(rows.lots.map(({ id }) => id)),
    postgresArray(rows.lots.map(({ remaining }) => remaining)),
    postgresArray(rows.accounts.map(({ id }) => id)),
    postgresArray(rows.accounts.map(({ balance }) => balance)),
    postgresArray(rows.accounts.map(({ next_seq }) => next_seq)),
  ];
  await connection.query({ name: 'lucy-spend-write', text: writeSql, values });
}

import type { ApiRequestRow } from './api-requests.ts';
import type { CreditAccountRow } from './credit-accounts.ts';
import type { CreditEntryRow } from './credit-entries.ts';
import type { Access } from './entitlements.ts';
import { closedUntilSql } from './maintenance.ts';
import { type NamesAsked, namesAsked } from './spend-batch-names.ts';
import {
  inSpendingOrder,
  requestName,
  type SpendableLot,
  type SpendCustomer,
  type SpendFacts,
  type SpendQuestion,
  type SpentBefore,
} from './spend-batch-shapes.ts';
import { prepared, type SqliteConnection } from './sqlite-client.ts';

/**
 * What a batch of spends asks about, each kind of it by one statement over a list: to call a statement costs more than
 * the row that it looks up. `cross join` keeps the list outside, and so each look-up one of an index.
 */
export function readFactsInSqlite(
  connection: SqliteConnection,
  questions: readonly SpendQuestion[],
): SpendFacts {
  const { names, placeOf } = namesAsked(questions);
  const customers = readCustomers(connection, names);
  const closed = prepared(connection, `select ${closedUntilSql} as until`).get() as { until: number | null };
  return {
    closedUntil: closed.until,
    customers: placeOf.map((place) => customers[place] ?? null),
    requests: readRequests(connection, questions),
    spent: readSpent(connection, questions),
  };
}

const customersBy = {
  email:
    'select j.key as place, c.id, c.email from json_each(?) j cross join customers c on c.email = j.value',
  id: 'select j.key as place, c.id, c.email from json_each(?) j cross join customers c on c.id = j.value',
  productId: `select j.key as place, c.id, c.email from json_each(?) j
    cross join product_customers p on p.product_id = j.value cross join customers c on c.id = p.customer_id`,
  stripe: `select j.key as place, c.id, c.email from json_each(?) j
    cross join customer_links l on l.stripe_customer_id = j.value and l.status <> 'removed'
    cross join customers c on c.id = l.customer_id`,
};
const accountsSql = `
  select a.id, a.customer_id, a.balance, a.held, a.debt, a.next_seq
  from json_each(?) j cross join credit_accounts a on a.customer_id = j.value`;
const accessSql =
  'select e.customer_id, e.access from json_each(?) j cross join entitlements e on e.customer_id = j.value';
const lotsSql = `
  select l.account_id, l.id, l.priority, l.remaining, l.expires_at, l.frozen_at, l.created_at
  from json_each(?) j cross join credit_lots l on l.account_id = j.value and l.remaining > 0`;

/** In the order of the names; the same customer under several names is one object, for they have one account. */
function readCustomers(
  connection: SqliteConnection,
  names: NamesAsked['names'],
): readonly (SpendCustomer | null)[] {
  const ask = <Row>(sql: string, list: readonly string[]): Row[] =>
    list.length === 0 ? [] : (prepared(connection, sql).all(JSON.stringify(list)) as Row[]);
  const found: ({ id: string; email: string } | undefined)[] = names.map(() => undefined);
  for (const [kind, sql] of Object.entries(customersBy)) {
    const places: number[] = [];
    for (const [place, asked] of names.entries()) if (asked.kind === kind) places.push(place);
    const list = places.map((place) => names[place]?.name ?? '');
    for (const row of ask<{ place: number; id: string; email: string }>(sql, list))
      found[places[row.place] ?? -1] = row;
  }
  const ids = [...new Set(found.flatMap((row) => row?.id ?? []))];
  const accounts = ask<CreditAccountRow>(accountsSql, ids);
  const access = new Map(
    ask<{ customer_id: string; access: Access }>(accessSql, ids).map((row) => [row.customer_id, row.access]),
  );
  const lots = readLots(
    ask,
    accounts.map(({ id }) => id),
  );
  const accountOf = new Map(accounts.map((account) => [account.customer_id, account]));
  const byId = new Map<string, SpendCustomer>();
  return found.map((row) => {
    const account = row && accountOf.get(row.id);
    if (!account) return null;
    const known = byId.get(row.id);
    if (known) return known;
    const customer: SpendCustomer = {
      customer_id: row.id,
      email: row.email,
      access: access.get(row.id) ?? null,
      account,
      lots: lots.get(account.id) ?? [],
    };
    byId.set(row.id, customer);
    return customer;
  });
}

function readLots(
  ask: <Row>(sql: string, list: readonly string[]) => Row[],
  accountIds: readonly string[],
): ReadonlyMap<string, SpendableLot[]> {
  const lots = new Map<string, SpendableLot[]>();
  for (const lot of ask<SpendableLot & { account_id: string }>(lotsSql, accountIds)) {
    const own = lots.get(lot.account_id);
    if (own) own.push(lot);
    else lots.set(lot.account_id, [lot]);
  }
  for (const own of lots.values()) if (own.length > 1) own.sort(inSpendingOrder);
  return lots;
}

const requestsSql = `
  select r.scope, r.key, r.fingerprint, r.status, r.answer
  from json_each(?) j cross join api_requests r on r.scope = ? and r.key = j.value`;

function readRequests(
  connection: SqliteConnection,
  questions: readonly SpendQuestion[],
): ReadonlyMap<string, ApiRequestRow> {
  const requests = new Map<string, ApiRequestRow>();
  const keys = new Map<string, string[]>();
  for (const { request } of questions) {
    const own = keys.get(request.scope);
    if (own) own.push(request.key);
    else keys.set(request.scope, [request.key]);
  }
  for (const [scope, own] of keys) {
    const rows = prepared(connection, requestsSql).all(JSON.stringify(own), scope) as ApiRequestRow[];
    for (const row of rows) requests.set(requestName(row), row);
  }
  return requests;
}

const spentSql = 'select e.* from json_each(?) j cross join credit_entries e on e.idempotency_key = j.value';
const customerOfAccountSql =
  'select id as customer_id, email from customers where id = (select customer_id from credit_accounts where id = ?)';

function readSpent(
  connection: SqliteConnection,
  questions: readonly SpendQuestion[],
): ReadonlyMap<string, SpentBefore> {
  const keys = JSON.stringify(questions.map(({ entryKey }) => entryKey));
  const spent = new Map<string, SpentBefore>();
  for (const entry of prepared(connection, spentSql).all(keys) as CreditEntryRow[]) {
    const owner = prepared(connection, customerOfAccountSql).get(entry.account_id) as {
      customer_id: string;
      email: string;
    };
    spent.set(entry.idempotency_key, { ...entry, ...owner });
  }
  return spent;
}

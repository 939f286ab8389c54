import type { Sql } from './connection.ts';

/** As much of a customer as a list of many needs. */
export type ListedCustomer = { id: string; email: string; balance: number };

/** SQLite binds 32,766 values in a statement; shorter ones let others have their turn. */
const ASKED_AT_ONCE = 500;

/** @param emails lower case */
export async function findCustomersByEmail(
  sql: Sql,
  emails: readonly string[],
): Promise<Map<string, ListedCustomer>> {
  const found = await inChunks(
    emails,
    (some): Promise<ListedCustomer[]> =>
      sql('customers as c')
        .leftJoin('credit_accounts as a', 'a.customer_id', 'c.id')
        .whereIn('c.email', some)
        .select('c.id', 'c.email', sql.raw('coalesce(a.balance, 0) as balance')),
  );
  return new Map(found.map((customer) => [customer.email, customer]));
}

/** Stripe customers that are linked already, with the login email of whom they are. */
export async function findOwnersOfStripe(sql: Sql, ids: readonly string[]): Promise<Map<string, string>> {
  const found = await inChunks(
    ids,
    (some): Promise<{ id: string; email: string }[]> =>
      sql('customer_links as l')
        .join('customers as c', 'c.id', 'l.customer_id')
        .whereIn('l.stripe_customer_id', some)
        .whereNot('l.status', 'removed')
        .select('l.stripe_customer_id as id', 'c.email'),
  );
  return new Map(found.map(({ id, email }) => [id, email]));
}

async function inChunks<T>(all: readonly string[], ask: (some: string[]) => Promise<T[]>): Promise<T[]> {
  const found: T[] = [];
  for (let at = 0; at < all.length; at += ASKED_AT_ONCE)
    found.push(...(await ask(all.slice(at, at + ASKED_AT_ONCE))));
  return found;
}

import type { Sql } from './connection.ts';
import type { CustomerRow } from './customers.ts';
import type { Access, EntitlementSource } from './entitlements.ts';
import { firstPlanned } from './first-planned.ts';

/** A customer as the product knows them. */
export type ProductCustomerRow = CustomerRow & { product_id: string | null };

/** How the product names a customer: one of these. */
export type CustomerName = { email: string } | { id: string } | { stripe: string } | { productId: string };

export type StandingRow = {
  customer_id: string;
  email: string;
  product_id: string | null;
  tier: string | null;
  access: Access | null;
  source: EntitlementSource | null;
  pending_tier: string | null;
  pending_at: number | null;
  grace_deadline_at: number | null;
  balance: number | null;
  held: number | null;
  debt: number | null;
  /** Left in lots that are neither frozen nor lapsed. */
  open: number | null;
};

const standing = `
  select c.id as customer_id, c.email, p.product_id,
    e.tier, e.access, e.source, e.pending_tier, e.pending_at, e.grace_deadline_at,
    a.balance, a.held, a.debt,
    (select sum(l.remaining) from credit_lots l
      where l.account_id = a.id and l.remaining > 0 and l.frozen_at is null
      and (l.expires_at is null or l.expires_at > ?)) as open
  from customers c
  left join product_customers p on p.customer_id = c.id
  left join entitlements e on e.customer_id = c.id
  left join credit_accounts a on a.customer_id = c.id
  where `;

const standingBy = {
  email: `${standing} c.email = ?`,
  id: `${standing} c.id = ?`,
  productId: `${standing} p.product_id = ?`,
  stripe: `${standing} c.id in (
    select customer_id from customer_links where stripe_customer_id = ? and status <> 'removed')`,
};

/** Everything the product asks about a customer, in one statement: it asks before every call it makes. */
export async function findStanding(
  sql: Sql,
  name: CustomerName,
  now: number,
): Promise<StandingRow | undefined> {
  const [[kind, value] = ['id', '']] = Object.entries(name);
  const text = standingBy[kind as keyof typeof standingBy];
  return firstPlanned<StandingRow>(sql, `standing-${kind}`, text, [now, value]);
}

export async function findByProductId(sql: Sql, productId: string): Promise<ProductCustomerRow | undefined> {
  return productCustomers(sql).where('p.product_id', productId).first();
}

/** @param email lower case */
export async function findProductCustomer(sql: Sql, email: string): Promise<ProductCustomerRow | undefined> {
  return productCustomers(sql).where('c.email', email).first();
}

function productCustomers(sql: Sql) {
  return sql('customers as c')
    .leftJoin('product_customers as p', 'p.customer_id', 'c.id')
    .select('c.*', 'p.product_id');
}

export async function insertProductId(
  sql: Sql,
  row: { product_id: string; customer_id: string; created_at: number },
): Promise<void> {
  await sql('product_customers').insert(row);
}

export async function updateCustomer(
  sql: Sql,
  id: string,
  patch: Pick<CustomerRow, 'email' | 'name' | 'email_verified_at'>,
): Promise<void> {
  await sql('customers').where({ id }).update(patch);
}

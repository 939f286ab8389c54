import type { Sql } from './connection.ts';
import type { CustomerRow } from './customers.ts';
import type { Access, EntitlementSource } from './entitlements.ts';

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

/** Everything the product asks about a customer, in one statement: it asks before every call it makes. */
export async function findStanding(
  sql: Sql,
  name: CustomerName,
  now: number,
): Promise<StandingRow | undefined> {
  const open = sql('credit_lots as l')
    .whereRaw('l.account_id = a.id')
    .where('l.remaining', '>', 0)
    .whereNull('l.frozen_at')
    .where((query) => query.whereNull('l.expires_at').orWhere('l.expires_at', '>', now))
    .sum('l.remaining')
    .as('open');
  const query = sql('customers as c')
    .leftJoin('product_customers as p', 'p.customer_id', 'c.id')
    .leftJoin('entitlements as e', 'e.customer_id', 'c.id')
    .leftJoin('credit_accounts as a', 'a.customer_id', 'c.id')
    .select('c.id as customer_id', 'c.email', 'p.product_id')
    .select('e.tier', 'e.access', 'e.source', 'e.pending_tier', 'e.pending_at', 'e.grace_deadline_at')
    .select('a.balance', 'a.held', 'a.debt', open);
  if ('email' in name) query.where('c.email', name.email);
  else if ('id' in name) query.where('c.id', name.id);
  else if ('productId' in name) query.where('p.product_id', name.productId);
  else
    query.whereIn(
      'c.id',
      sql('customer_links')
        .where('stripe_customer_id', name.stripe)
        .whereNot('status', 'removed')
        .select('customer_id'),
    );
  return query.first();
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

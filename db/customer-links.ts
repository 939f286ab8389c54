import type { Sql } from './connection.ts';

export type LinkProof = 'created_by_us' | 'client_reference' | 'metadata' | 'staff';

export type CustomerLinkRow = {
  stripe_customer_id: string;
  customer_id: string;
  proof: LinkProof;
  status: 'active' | 'removed' | 'deleted_at_stripe';
  actor: string;
  created_at: number;
};

/** The link in force; a removed one is none. A customer deleted at Stripe stays linked: what was bought stays. */
export async function findLink(sql: Sql, stripeCustomerId: string): Promise<CustomerLinkRow | undefined> {
  return sql<CustomerLinkRow>('customer_links')
    .where({ stripe_customer_id: stripeCustomerId })
    .whereNot({ status: 'removed' })
    .first();
}

/** Whether staff took this link away: then only staff may make it again. */
export async function wasUnlinked(sql: Sql, stripeCustomerId: string): Promise<boolean> {
  const row = await sql('customer_links')
    .where({ stripe_customer_id: stripeCustomerId, status: 'removed' })
    .first('actor');
  return row !== undefined;
}

/** Newest first, so that the first is the one to show. */
export async function listLinks(sql: Sql, customerId: string): Promise<CustomerLinkRow[]> {
  return sql<CustomerLinkRow>('customer_links')
    .where({ customer_id: customerId })
    .whereNot({ status: 'removed' })
    .orderBy('created_at', 'desc');
}

/** Inserts, or takes a removed link over; one in force stays as it is. */
export async function putLink(sql: Sql, row: CustomerLinkRow): Promise<void> {
  await sql('customer_links')
    .insert(row)
    .onConflict('stripe_customer_id')
    .merge()
    .where('customer_links.status', 'removed');
}

export async function setLinkStatus(
  sql: Sql,
  stripeCustomerId: string,
  status: CustomerLinkRow['status'],
): Promise<void> {
  await sql('customer_links')
    .where({ stripe_customer_id: stripeCustomerId })
    .whereNot({ status: 'removed' })
    .update({ status });
}

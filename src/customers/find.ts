import type { Sql } from '#db/connection.ts';
import { findLink } from '#db/customer-links.ts';
import { type CustomerRow, findCustomerByEmail, findCustomerById, findEmailsLike } from '#db/customers.ts';
import { findDispute } from '#db/disputes.ts';
import { findPaymentByAnyId } from '#db/payments.ts';
import { findSubscription } from '#db/subscriptions.ts';
import { UserError } from '#src/core/errors.ts';
import { listed } from '#src/core/text.ts';

const stripeObject = /^(cus|sub|in|ch|py|pi|dp|du)_[A-Za-z0-9_]+$/;

/** Login emails are compared in lower case, without spaces around them. */
export function normalEmail(text: string): string {
  return text.trim().toLowerCase();
}

/**
 * The one customer that a person named: by login email, by our id, or by a Stripe id that is linked to them. Never
 * a fuzzy match: near misses are only suggested.
 */
export async function findCustomer(sql: Sql, named: string): Promise<CustomerRow> {
  const text = named.trim();
  const found = text.includes('@')
    ? await findCustomerByEmail(sql, normalEmail(text))
    : text.startsWith('cust_')
      ? await findCustomerById(sql, text.toLowerCase())
      : await findByStripeId(sql, text);
  if (found) return found;
  throw await notFound(sql, text);
}

async function findByStripeId(sql: Sql, id: string): Promise<CustomerRow | undefined> {
  if (!stripeObject.test(id)) return undefined;
  const stripeCustomerId = id.startsWith('cus_')
    ? id
    : id.startsWith('sub_')
      ? (await findSubscription(sql, id))?.stripe_customer_id
      : /^d[pu]_/.test(id)
        ? (await findDispute(sql, id))?.stripe_customer_id
        : (await findPaymentByAnyId(sql, id))?.stripe_customer_id;
  const link = stripeCustomerId ? await findLink(sql, stripeCustomerId) : undefined;
  return link ? findCustomerById(sql, link.customer_id) : undefined;
}

async function notFound(sql: Sql, named: string): Promise<UserError> {
  const message = `There is no customer ${named}.`;
  if (!named.includes('@') && !stripeObject.test(named)) {
    const hint =
      'Name a customer by login email, or by a Stripe id that starts with cus_, sub_, in_, ch_ or pi_.';
    return new UserError('not_found', message, hint, { email: message });
  }
  const near = named.includes('@') ? await findEmailsLike(sql, normalEmail(named).slice(0, 3), 3) : [];
  const hint =
    near.length > 0
      ? `Did you mean ${listed(near)}? To add a new customer: customer add ${named}`
      : named.includes('@')
        ? `To add the customer: customer add ${named}`
        : `Link it to a customer first: customer link EMAIL ${named.startsWith('cus_') ? named : 'cus_…'}`;
  return new UserError('not_found', message, hint, { email: message });
}

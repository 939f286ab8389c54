import type { Sql } from '#db/connection.ts';
import { findLink } from '#db/customer-links.ts';
import { type CustomerRow, findCustomerById } from '#db/customers.ts';
import { UserError } from '#src/core/errors.ts';
import type { FetchedCharge } from '#src/gateways/stripe.ts';

/**
 * Whose payment it is, by the link that proof made (DESIGN section 10): money goes back only where Lucy knows whose it
 * was, and whose credits follow.
 *
 * @throws UserError when nobody of ours is linked
 */
export async function requireOwner(sql: Sql, charge: FetchedCharge): Promise<CustomerRow> {
  const { id, stripeCustomerId } = charge;
  if (stripeCustomerId === null)
    throw new UserError(
      'conflict',
      `No Stripe customer is behind ${id}, so it belongs to nobody that Lucy knows.`,
      'Look at it in Stripe’s dashboard, and refund it there if it is right.',
      { payment: 'No customer is behind this payment.' },
    );
  const link = await findLink(sql, stripeCustomerId);
  const customer = link && (await findCustomerById(sql, link.customer_id));
  if (customer) return customer;
  throw new UserError(
    'conflict',
    `${id} was paid by ${stripeCustomerId}, and Lucy does not know which customer that is.`,
    `Say whose it is, then ask again: customer link EMAIL ${stripeCustomerId}`,
    { payment: 'Lucy does not know whose payment this is.' },
  );
}

import type { Sql } from '#db/connection.ts';
import { findLink, type LinkProof, putLink, setLinkStatus } from '#db/customer-links.ts';
import { markDirty } from '#db/customer-sync.ts';
import { findCustomerById } from '#db/customers.ts';
import { closeFinding } from '#db/findings.ts';
import { releaseWaiting } from '#db/stripe-event-queue.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';

/** Before everything else: somebody is waiting for it. */
const PRIORITY_LINK = 0;

/** Refuses a Stripe customer that belongs to another of our customers. */
export async function assertLinkable(
  sql: Sql,
  stripeCustomerId: string,
  customerId: string | null,
): Promise<void> {
  const link = await findLink(sql, stripeCustomerId);
  if (!link) return;
  if (link.customer_id === customerId) {
    throw new UserError(
      'conflict',
      `${stripeCustomerId} is already linked to this customer.`,
      'Nothing needs to be done.',
      {
        stripe: 'Already linked to this customer.',
      },
    );
  }
  const owner = await findCustomerById(sql, link.customer_id);
  throw new UserError(
    'conflict',
    `${stripeCustomerId} is linked to ${owner?.email ?? 'another customer'}.`,
    `Check the id in Stripe. If it moved, first run: customer unlink ${owner?.email ?? 'EMAIL'} ${stripeCustomerId}`,
    { stripe: `Linked to ${owner?.email ?? 'another customer'}.` },
  );
}

/**
 * Ties a Stripe customer to one of ours by proof, lets go the events that waited for it, and asks for a sync. Never
 * called because two emails are equal (DESIGN section 10: linking).
 */
export async function linkStripeCustomer(
  sql: Sql,
  cause: Cause,
  link: { customerId: string; stripeCustomerId: string; proof: LinkProof },
): Promise<{ released: number }> {
  await putLink(sql, {
    stripe_customer_id: link.stripeCustomerId,
    customer_id: link.customerId,
    proof: link.proof,
    status: 'active',
    actor: cause.actor.id,
    created_at: cause.now,
  });
  // Two links at once: the first one holds, and the second must not believe that it did.
  const held = await findLink(sql, link.stripeCustomerId);
  if (held?.customer_id !== link.customerId)
    await assertLinkable(sql, link.stripeCustomerId, link.customerId);
  const released = await releaseWaiting(sql, link.stripeCustomerId, cause.now);
  await markDirty(sql, link.stripeCustomerId, PRIORITY_LINK);
  // After the mark, at which this waits for whoever just finds that the customer is linked to nobody.
  await closeFinding(sql, 'unlinked_customer', link.stripeCustomerId, cause.now);
  return { released };
}

/** Ends a link. Events that still come for this Stripe customer wait again, until somebody says whose it is. */
export async function unlinkStripeCustomer(sql: Sql, stripeCustomerId: string): Promise<void> {
  await setLinkStatus(sql, stripeCustomerId, 'removed');
}

import { findLink } from '#db/customer-links.ts';
import { type CustomerSyncRow, finishSync } from '#db/customer-sync.ts';
import { type CustomerRow, findCustomerByEmail, findCustomerById } from '#db/customers.ts';
import { type StripeEventRow, setWaiting } from '#db/stripe-events.ts';
import { inTransaction } from '#db/transaction.ts';
import type { Cause } from '#src/core/cause.ts';
import { linkStripeCustomer } from '#src/customers/link.ts';
import { raiseFinding } from '#src/findings/open.ts';
import type { BillingDeps } from './deps.ts';
import { readHint } from './read-event.ts';

/**
 * Whose Stripe customer this is: by the link, or by a proof that an event carries, which then makes the link. An
 * equal email proves nothing: anybody can type one at a checkout (DESIGN section 10: linking).
 */
export async function findOwner(
  deps: BillingDeps,
  cause: Cause,
  stripeCustomerId: string,
  events: readonly StripeEventRow[],
): Promise<CustomerRow | null> {
  const link = await findLink(deps.database.knex, stripeCustomerId);
  if (link) return (await findCustomerById(deps.database.knex, link.customer_id)) ?? null;
  for (const event of events) {
    const hint = readHint(event.payload);
    const isSession = event.type.startsWith('checkout.session.');
    const named = isSession ? (hint.clientReferenceId ?? hint.metadataCustomer) : hint.metadataCustomer;
    const customer = named ? await findNamed(deps, named) : undefined;
    if (!customer) continue;
    const proof = isSession && hint.clientReferenceId ? 'client_reference' : 'metadata';
    await inTransaction(deps.database, (sql) =>
      linkStripeCustomer(sql, cause, { customerId: customer.id, stripeCustomerId, proof }),
    );
    return customer;
  }
  return null;
}

/** `client_reference_id` and `metadata.lucy_customer` are set by our own checkout: our id, or the login email. */
async function findNamed(deps: BillingDeps, named: string): Promise<CustomerRow | undefined> {
  const sql = deps.database.knex;
  return named.includes('@')
    ? findCustomerByEmail(sql, named.trim().toLowerCase())
    : findCustomerById(sql, named);
}

/** Keeps the events until somebody says whose they are, and tells billing once. */
export async function parkUnlinked(
  deps: BillingDeps,
  cause: Cause,
  claim: CustomerSyncRow,
  token: string,
  events: readonly StripeEventRow[],
): Promise<void> {
  const id = claim.stripe_customer_id;
  const email = events.map((event) => readHint(event.payload).email).find(Boolean);
  await inTransaction(deps.database, async (sql) => {
    await setWaiting(
      sql,
      events.map((event) => event.id),
    );
    await finishSync(sql, id, token, { syncedSeq: claim.dirty_seq, now: cause.now, againAt: null });
    if (events.length === 0) return;
    await raiseFinding(sql, cause, {
      kind: 'unlinked_customer',
      subject: id,
      customerId: null,
      summary: `Stripe customer ${id} is not linked to any customer of ours; its events wait.`,
      hint: `${email ? `Stripe’s email is ${email}; that alone proves nothing. ` : ''}Check whose it is, then: customer link EMAIL ${id}`,
      evidence: { stripeCustomer: id, email: email ?? null, events: events.map((event) => event.id) },
      tell: 'billing',
    });
  });
  deps.log.info(
    { correlationId: cause.correlationId, event: 'unlinked_customer', stripeCustomer: id },
    'Events wait for a link',
  );
}

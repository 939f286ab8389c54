import type { Sql } from '#db/connection.ts';
import { findLink, wasUnlinked } from '#db/customer-links.ts';
import { type CustomerSyncRow, finishSync, giveBack, holdsLease } from '#db/customer-sync.ts';
import { type CustomerRow, findCustomerByEmail, findCustomerById } from '#db/customers.ts';
import { listOpenEvents, listProofEvents, parkEvents } from '#db/stripe-event-queue.ts';
import { findNewestEvent } from '#db/stripe-events.ts';
import { holdEvents } from '#db/sync-holds.ts';
import { inTransaction } from '#db/transaction.ts';
import type { Cause } from '#src/core/cause.ts';
import { linkStripeCustomer } from '#src/customers/link.ts';
import { raiseFinding } from '#src/findings/open.ts';
import type { BillingDeps } from './deps.ts';
import { readHint } from './read-event.ts';
import { LeaseLost } from './write-pass.ts';

const EVENTS_MAX = 200;

/** By the link that is there already. */
export async function findLinked(sql: Sql, stripeCustomerId: string): Promise<CustomerRow | undefined> {
  const link = await findLink(sql, stripeCustomerId);
  return link && findCustomerById(sql, link.customer_id);
}

/**
 * Whose Stripe customer this is: by the link, or by a proof that an event carries, which then makes the link. An
 * equal email proves nothing: anybody can type one at a checkout (DESIGN section 10: linking).
 */
export async function findOwner(
  deps: BillingDeps,
  cause: Cause,
  stripeCustomerId: string,
): Promise<CustomerRow | null> {
  const sql = deps.database.knex;
  const link = await findLink(sql, stripeCustomerId);
  if (link) return (await findCustomerById(sql, link.customer_id)) ?? null;
  // What staff decided is not undone by the next event that still carries the old proof.
  if (await wasUnlinked(sql, stripeCustomerId)) return null;
  for (const event of await listProofEvents(sql, stripeCustomerId)) {
    const hint = readHint(event.payload);
    const isReference = event.type.startsWith('checkout.session.') && hint.clientReferenceId !== null;
    const named = isReference ? hint.clientReferenceId : hint.metadataCustomer;
    const customer = named ? await findNamed(deps, named) : undefined;
    if (!customer) continue;
    const proof = isReference ? 'client_reference' : 'metadata';
    await inTransaction(deps.database, (trx) =>
      linkStripeCustomer(trx, cause, { customerId: customer.id, stripeCustomerId, proof }),
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
): Promise<void> {
  const id = claim.stripe_customer_id;
  await inTransaction(deps.database, async (sql) => {
    const open = await listOpenEvents(sql, id, cause.now, EVENTS_MAX);
    await holdEvents(
      sql,
      open.map((event) => event.id),
    );
    // From here on a link waits, at its own mark, and closes the finding after it.
    if (!(await holdsLease(sql, id, token))) throw new LeaseLost();
    // Linked a moment ago: somebody waits for the mark that the link made, so the lease is not kept until it runs out.
    if (await findLink(sql, id)) return giveBack(sql, [id], token);
    const parked = await parkEvents(sql, id);
    await finishSync(sql, id, token, { syncedSeq: claim.dirty_seq, now: cause.now, againAt: null });
    const newest = await findNewestEvent(sql, id);
    if (!newest) return;
    const email = readHint(newest.payload).email;
    const emailHint = email ? `Stripe’s email is ${email}; that alone proves nothing. ` : '';
    await raiseFinding(
      sql,
      { ...cause, correlationId: newest.correlation_id },
      {
        kind: 'unlinked_customer',
        subject: id,
        customerId: null,
        summary: `Stripe customer ${id} is not linked to any customer of ours; its events wait.`,
        hint: `${emailHint}Check whose it is, then: customer link EMAIL ${id}`,
        evidence: { stripeCustomer: id, email, events: parked },
        tell: 'billing',
      },
    );
  });
  deps.log.debug(
    { correlationId: cause.correlationId, event: 'unlinked_customer', stripeCustomer: id },
    'Events wait for a link',
  );
}

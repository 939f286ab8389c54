import { claimSyncs, postponeSync } from '#db/customer-sync.ts';
import { listOpenEvents } from '#db/stripe-event-queue.ts';
import { inTransaction } from '#db/transaction.ts';
import { commitSync } from '#src/billing-events/commit-sync.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import { fetchCustomer } from '#src/billing-events/fetch-customer.ts';
import { causeOfPass } from '#src/billing-events/fetch-turn.ts';
import { findOwner } from '#src/billing-events/find-owner.ts';
import { newId } from '#src/core/ids.ts';

/**
 * One pass as plainly as can be said: every question to the database itself, and a transaction of its own. What
 * passes that share a transaction leave is compared with what these leave. False when nobody waits.
 */
export async function syncAlone(deps: BillingDeps): Promise<boolean> {
  const now = deps.clock.now();
  const token = newId('lease', now);
  const claims = await inTransaction(deps.database, (sql) => claimSyncs(sql, token, now, now + 6_000, 1));
  const [claim] = claims;
  if (!claim) return false;
  const id = claim.stripe_customer_id;
  const events = await listOpenEvents(deps.database.knex, id, now, 200);
  const cause = causeOfPass(deps, id, events);
  const owner = await findOwner(deps, cause, id);
  if (!owner) {
    await postponeSync(deps.database.knex, id, token, now + 1, 'nobody’s');
    return true;
  }
  const fetched = await fetchCustomer(deps, id, events);
  await commitSync(deps, cause, { claim, token, owner, events, fetched });
  return true;
}

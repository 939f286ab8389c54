import { deleteRequestsBefore } from '#db/api-requests.ts';
import { deleteEventsBefore, listPrunableEvents, prunePayload } from '#db/stripe-event-retention.ts';
import { inTransaction } from '#db/transaction.ts';
import { DAY_MS } from '#src/core/clock.ts';
import type { BillingDeps } from './deps.ts';
import { prunedPayload } from './pruned-payload.ts';

/** docs/decisions/0005: how long what Stripe sent, and what the product asked, is kept. */
const PAYLOAD_MS = 90 * DAY_MS;
const EVENT_MS = 400 * DAY_MS;
const API_ANSWER_MS = 30 * DAY_MS;
/** Small, so that nobody waits for a part of it. */
const AT_ONCE = 100;

/**
 * Takes a part of what is too old: payloads become the ids in them, with which an event is still known as a duplicate
 * and can still be replayed; later the whole row goes. Nothing of a customer under legal hold. Returns how much.
 */
export async function pruneEvents(deps: BillingDeps): Promise<number> {
  const now = deps.clock.now();
  const pruned = await prunePayloads(deps, now);
  const deleted = await inTransaction(deps.database, (sql) =>
    deleteEventsBefore(sql, now - EVENT_MS, AT_ONCE),
  );
  const answers = await inTransaction(deps.database, (sql) =>
    deleteRequestsBefore(sql, now - API_ANSWER_MS, AT_ONCE),
  );
  return pruned + deleted + answers;
}

async function prunePayloads(deps: BillingDeps, now: number): Promise<number> {
  return inTransaction(deps.database, async (sql) => {
    const events = await listPrunableEvents(sql, now - PAYLOAD_MS, AT_ONCE);
    for (const { id, payload } of events) await prunePayload(sql, id, prunedPayload(payload), now);
    return events.length;
  });
}

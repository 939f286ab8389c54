import { storeEvents } from '#db/event-intake.ts';
import { listKnownEventIds } from '#db/stripe-events.ts';
import { inTransaction } from '#db/transaction.ts';
import { HOUR_MS, MINUTE_MS } from '#src/core/clock.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import { errorMessage } from '#src/core/errors.ts';
import { sha256 } from '#src/core/fingerprint.ts';
import { isStripeTrouble, StripeAway } from '#src/gateways/stripe-errors.ts';
import { backoffMs } from './backoff.ts';
import type { BillingDeps } from './deps.ts';
import { continuePoll, type PollGroup, type PollState, readPollState, writePollState } from './poll-state.ts';
import { readEvent } from './read-event.ts';
import { takeEvent } from './take-event.ts';

/** Stripe lists some events late: each look goes back this far behind what was seen. */
const OVERLAP_MS = 5 * MINUTE_MS;
/** What is younger is still on its way as a webhook. */
const LEAVE_TO_WEBHOOKS_MS = MINUTE_MS;
const PAGES_PER_LOOK = 10;

/**
 * Asks Stripe for its events, so that what no webhook ever brought is found all the same. Every page is stored before
 * the place in the list is, so a look that broke off goes on at its page. Only what the inbox has not is stored:
 * asking again costs nothing, and never wakes an event that was set aside. Returns how many pages wait to be read.
 */
export async function pollEvents(deps: BillingDeps): Promise<number> {
  const sql = deps.database.knex;
  const now = deps.clock.now();
  const since = now - deps.settings.webhooks.first_look_back_hours * HOUR_MS;
  const state = continuePoll(await readPollState(sql), since);
  if (now < state.notBefore) return 0;
  try {
    let pages = 0;
    for (const group of state.groups) {
      do {
        if (pages++ === PAGES_PER_LOOK) return 1;
        await readPage(deps, group);
        await write(deps, state, now);
      } while (group.after !== null);
    }
    await write(deps, { ...state, failures: 0, notBefore: 0, error: null, lookedAt: now }, now);
    return 0;
  } catch (error) {
    if (!isStripeTrouble(error)) throw error;
    await write(deps, postponed(state, error, now), now);
    deps.log.warn({ event: 'events_poll_postponed', err: error }, errorMessage(error));
    return 0;
  }
}

/** A look that stood still for a while must not take the place in the list back to where it was. */
async function write(deps: BillingDeps, state: PollState, now: number): Promise<void> {
  await inTransaction(deps.database, async (sql) => {
    await deps.fence?.(sql);
    await writePollState(sql, state, now);
  });
}

function postponed(state: PollState, error: unknown, now: number): PollState {
  const failures = state.failures + 1;
  const asked = error instanceof StripeAway ? (error.retryAfterMs ?? 0) : 0;
  return {
    ...state,
    failures,
    notBefore: now + Math.max(asked, backoffMs(failures)),
    error: errorMessage(error),
  };
}

/** Reads one page of a group, newest first, and moves the group on. */
async function readPage(deps: BillingDeps, group: PollGroup): Promise<void> {
  const page = await deps.stripe.webhooks.listEvents({
    types: group.types,
    since: group.cursor - OVERLAP_MS,
    until: deps.clock.now() - LEAVE_TO_WEBHOOKS_MS,
    after: group.after,
  });
  if (!page) {
    // Stripe keeps the event at our place no more: this look begins anew.
    if (group.after === null) return;
    Object.assign(group, { newest: null, after: null });
    return readPage(deps, group);
  }
  const read = await storeMissing(deps, page.events);
  group.newest = Math.max(group.newest ?? 0, ...read.map((event) => event.createdAt));
  group.after = page.next;
  if (group.after !== null) return;
  group.cursor = Math.max(group.cursor, group.newest);
  group.newest = null;
}

async function storeMissing(deps: BillingDeps, payloads: readonly string[]) {
  const read = payloads.flatMap((payload) => {
    const event = readEvent(JSON.parse(payload));
    return event ? [{ ...event, payload }] : [];
  });
  const known = await listKnownEventIds(
    deps.database.knex,
    read.map((event) => event.id),
  );
  const now = deps.clock.now();
  const missing = read.filter((event) => !known.has(event.id));
  if (missing.length === 0) return read;
  await storeEvents(
    deps.database,
    missing.map(({ payload, ...event }) =>
      takeEvent(event, {
        mode: deps.mode,
        source: 'poll',
        receivedAt: now,
        payload,
        payloadSha256: sha256(payload),
        secretSlot: null,
        signatureHeader: null,
        correlationId: newCorrelationId(now),
      }),
    ),
  );
  deps.log.info(
    { event: 'webhooks_missed', count: missing.length, first: missing.at(-1)?.id },
    'Stripe had events that no webhook brought',
  );
  return read;
}

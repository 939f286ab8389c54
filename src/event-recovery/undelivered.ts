import type { Sql } from '#db/connection.ts';
import { type EventSummary, lastWebhookAt, summariseEvents } from '#db/stripe-event-reports.ts';
import { typeGroups } from '#src/billing-events/poll-state.ts';
import { readEvent } from '#src/billing-events/read-event.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';

/** What is younger is on its way. */
const IN_FLIGHT_MS = 2 * MINUTE_MS;
/** Of each group of types. */
const PAGES_MAX = 10;

export type UndeliveredEvent = {
  id: string;
  type: string;
  createdAt: number;
  payload: string;
  /** Ours by other means: the events poll, or a replay. */
  known: EventSummary | null;
};

export type Undelivered = {
  /** Oldest first. */
  events: UndeliveredEvent[];
  /** False when there were more than Lucy reads at once. */
  isWhole: boolean;
};

/**
 * What Stripe could not deliver to Lucy. Stripe says only that *some* endpoint has not taken an event
 * (docs.stripe.com/webhooks/process-undelivered-events); one that reached us is not ours to worry about.
 */
export async function findUndelivered(
  sql: Sql,
  stripe: StripeGateway,
  { since, now }: { since: number; now: number },
): Promise<Undelivered> {
  const found: Omit<UndeliveredEvent, 'known'>[] = [];
  let isWhole = true;
  for (const types of typeGroups()) {
    let after: string | null = null;
    for (let pages = 0; ; pages++) {
      if (pages === PAGES_MAX) {
        isWhole = false;
        break;
      }
      const wanted = { types, since, until: now - IN_FLIGHT_MS, undelivered: true, after };
      const page = await stripe.webhooks.listEvents(wanted);
      for (const payload of page?.events ?? []) {
        const event = readEvent(JSON.parse(payload));
        if (event) found.push({ id: event.id, type: event.type, createdAt: event.createdAt, payload });
      }
      after = page?.next ?? null;
      if (after === null) break;
    }
  }
  const rows = await summariseEvents(
    sql,
    found.map((event) => event.id),
  );
  const known = new Map(rows.map((row) => [row.id, row]));
  const events = found
    .map((event) => ({ ...event, known: known.get(event.id) ?? null }))
    .filter((event) => !cameByWebhook(event.known))
    .sort((a, b) => a.createdAt - b.createdAt);
  return { events, isWhole };
}

/** An event of the poll counts one delivery by being stored, one of a replay none. */
function cameByWebhook(row: EventSummary | null): boolean {
  if (!row) return false;
  if (row.source === 'webhook') return true;
  return row.delivery_count > (row.source === 'poll' ? 1 : 0);
}

/**
 * Those that are still a worry: not in the inbox by any way, or nothing has arrived since. When webhooks come again,
 * what the poll brought meanwhile is made good.
 */
export async function stillLost(sql: Sql, { events }: Undelivered): Promise<UndeliveredEvent[]> {
  const arrivedAt = (await lastWebhookAt(sql)) ?? 0;
  return events.filter((event) => !event.known || event.createdAt > arrivedAt);
}

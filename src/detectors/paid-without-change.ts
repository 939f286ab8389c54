import type { Sql } from '#db/connection.ts';
import { findLink } from '#db/customer-links.ts';
import { type CustomerRow, findCustomerById } from '#db/customers.ts';
import {
  type EventFacts,
  listDroppedPaid,
  listEventsById,
  listLeftBehind,
  listPaidHandled,
} from '#db/detector-events.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import { formatUtc, MINUTE_MS } from '#src/core/clock.ts';
import { findTierTrouble, tierTroubleWords } from '#src/diagnosis/tier-trouble.ts';
import { findUnbooked } from '#src/diagnosis/unbooked.ts';
import { type Cursor, cursorMark, readCursor, startAt } from './cursor.ts';
import type { Defect, Detector } from './detector.ts';

const LIMIT = 200;
/** A pass takes seconds, and on-call must know within five minutes. */
const ON_ITS_WAY_MS = 3 * MINUTE_MS;
/** Whoever asks for their own event’s pass commits within moments; so much of what was seen is looked at again. */
const SETTLING_MS = MINUTE_MS;

/**
 * Stripe reports a payment, and neither an entitlement change nor a reason for none followed (support runbook section
 * 5). What is still in the queue, and what fails, is no such thing: the one is on its way, the other is told as that.
 */
export const paidWithoutChange: Detector = {
  kind: 'paid_without_change',
  async look(deps, mark, now) {
    const sql = deps.database.knex;
    const from = readMarks(mark) ?? {
      handled: startAt(now - SETTLING_MS),
      dropped: startAt(now - SETTLING_MS),
    };
    const handled = await listPaidHandled(sql, {
      after: from.handled,
      until: now - SETTLING_MS,
      limit: LIMIT,
    });
    const dropped = await listDroppedPaid(sql, {
      after: from.dropped,
      until: now - SETTLING_MS,
      limit: LIMIT,
    });
    const left = await listLeftBehind(sql, now - ON_ITS_WAY_MS, LIMIT);
    const found = new Map<string, { customer: CustomerRow; events: EventFacts[]; lines: string[] }>();
    for (const event of [...handled, ...dropped, ...left]) {
      const customer = await ownerOf(sql, event);
      const line = customer && (await troubleOf(deps, customer, event, now));
      if (!customer || !line) continue;
      const known = found.get(customer.id) ?? { customer, events: [], lines: [] };
      found.set(customer.id, { ...known, events: [...known.events, event], lines: [...known.lines, line] });
    }
    const seen = {
      handled: endOf(handled.at(-1), ({ processed_at }) => processed_at) ?? from.handled,
      dropped: endOf(dropped.at(-1), ({ received_at }) => received_at) ?? from.dropped,
    };
    const full = [
      ...(handled.length === LIMIT ? [seen.handled.at] : []),
      ...(dropped.length === LIMIT ? [seen.dropped.at] : []),
    ];
    return {
      defects: [...found.values()].map(defectOf),
      mark: JSON.stringify({ handled: cursorMark(seen.handled), dropped: cursorMark(seen.dropped) }),
      seenUntil: Math.min(now, ...full),
      isFull: full.length > 0,
    };
  },
  async isStill(deps, { customer_id }, { ids }, now) {
    const sql = deps.database.knex;
    const customer = customer_id ? await findCustomerById(sql, customer_id) : undefined;
    if (!customer) return false;
    for (const event of await listEventsById(sql, ids)) {
      // Replayed: not well before it came to its end.
      const isOpen = event.status === 'received' || event.status === 'failed' || event.status === 'dead';
      if (isOpen || (await troubleOf(deps, customer, event, now))) return true;
    }
    return false;
  },
};

async function ownerOf(sql: Sql, event: EventFacts): Promise<CustomerRow | undefined> {
  const link = event.stripe_customer_id ? await findLink(sql, event.stripe_customer_id) : undefined;
  return link && findCustomerById(sql, link.customer_id);
}

async function troubleOf(
  { database, settings, mode }: BillingDeps,
  customer: CustomerRow,
  event: EventFacts,
  now: number,
): Promise<string | null> {
  const sql = database.knex;
  if (event.status === 'received')
    return `${event.type} ${event.id} of ${formatUtc(event.received_at)} was received, and no worker will look at it.`;
  const unbooked = await findUnbooked(sql, event);
  if (unbooked) return unbooked;
  const trouble = await findTierTrouble(sql, { settings, mode, now }, customer.id);
  return trouble
    ? `${event.type} ${event.id} was handled, but ${customer.email} ${tierTroubleWords(trouble)}.`
    : null;
}

function defectOf(found: { customer: CustomerRow; events: EventFacts[]; lines: string[] }): Defect {
  const { customer, events, lines } = found;
  return {
    subject: customer.id,
    customerId: customer.id,
    summary: `Stripe reports a payment of ${customer.email}, and no entitlement change followed, nor a reason for none.`,
    details: {
      email: customer.email,
      lines: lines.slice(0, 5),
      ids: events.map(({ id }) => id),
      remedy: { label: 'Replay the event', line: `webhook replay ${events[0]?.id}` },
    },
  };
}

function readMarks(mark: string | null): { handled: Cursor; dropped: Cursor } | null {
  if (mark === null) return null;
  const { handled, dropped } = JSON.parse(mark) as { handled: string; dropped: string };
  return { handled: readCursor(handled), dropped: readCursor(dropped) };
}

function endOf(last: EventFacts | undefined, at: (event: EventFacts) => number | null): Cursor | null {
  return last ? { at: at(last) ?? 0, id: last.id } : null;
}

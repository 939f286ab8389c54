import type { Sql } from '#db/connection.ts';
import { findLink } from '#db/customer-links.ts';
import { findCustomerById } from '#db/customers.ts';
import {
  countUnsettled,
  type EventFacts,
  listDeadAgain,
  listFailedOf,
  listTwiceFailed,
} from '#db/detector-events.ts';
import { counted } from '#src/core/text.ts';
import { failureLine } from '#src/diagnosis/failure-line.ts';
import type { Defect, Detector } from './detector.ts';

const LIMIT = 100;
const EVENTS_MAX = 50;
const SHOWN = 5;

/**
 * The second failed try goes to billing engineering by itself (support runbook section 4, step 4, and quick reference
 * row 1): of one event, or of several of one customer in passes of their own. Stripe being away is no failure.
 */
export const eventFailedTwice: Detector = {
  kind: 'event_failed_twice',
  async look({ database }, _mark, now) {
    const sql = database.knex;
    const found = await listTwiceFailed(sql, this.kind, LIMIT);
    const defects: Defect[] = [];
    for (const subject of found) {
      const events = await listFailedOf(sql, [subject], EVENTS_MAX);
      if (events.length > 0) defects.push(await defectOf(sql, subject, events));
    }
    // The message of the first time stands already; that a replay did not help is news.
    for (const event of await listDeadAgain(sql, this.kind, LIMIT))
      defects.push(await defectOf(sql, event.id, [event]));
    return { defects, mark: '', seenUntil: now, isFull: false };
  },
  // A replay sets an event back to received: it is well when its events came to their end.
  isStill: async ({ database }, { subject }, { ids }) =>
    (await countUnsettled(database.knex, ids)) > 0 ||
    (await listFailedOf(database.knex, [subject], 1)).length > 0,
};

/** @param subject the Stripe customer whose events these are, or the one event */
async function defectOf(sql: Sql, subject: string, events: EventFacts[]): Promise<Defect> {
  const link = await findLink(sql, events[0]?.stripe_customer_id ?? subject);
  const customer = link ? await findCustomerById(sql, link.customer_id) : undefined;
  return {
    subject,
    customerId: customer?.id ?? null,
    summary: `${whatFailed(events, customer?.email)}: what Stripe told has no effect yet.`,
    details: {
      email: customer?.email ?? null,
      lines: events.slice(0, SHOWN).map(failureLine),
      ids: events.map(({ id }) => id),
      remedy: { label: 'Replay the event', line: `webhook replay ${events[0]?.id}` },
    },
  };
}

function whatFailed(events: readonly EventFacts[], email: string | undefined): string {
  const [first] = events;
  const whose = email ?? first?.stripe_customer_id;
  const of = whose ? ` of ${whose}` : '';
  if (events.length > 1) return `${counted(events.length, 'Stripe event')}${of} fail again and again`;
  const times = first?.attempts === 2 ? 'twice' : counted(first?.attempts ?? 0, 'time');
  const event = `Stripe event ${first?.id} (${first?.type})${of}`;
  return (first?.dead_count ?? 0) > 1
    ? `${event} was given up again after its replay`
    : `${event} failed ${times}`;
}

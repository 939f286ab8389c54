import { type AuditEventRow, listAuditByTicket } from '#db/audit-events.ts';
import type { Sql } from '#db/connection.ts';
import { listNewestOf } from '#db/customer-history.ts';
import { listLinks } from '#db/customer-links.ts';
import type { StripeEventRow } from '#db/stripe-events.ts';
import { DAY_MS } from '#src/core/clock.ts';
import { followId } from '#src/diagnosis/follow.ts';
import type { Subject } from './subject.ts';

/** How far back what was tried is still of interest, and how much of it fits a card. */
const LOOK_BACK_MS = 7 * DAY_MS;
const TRIED_MAX = 10;
const EVENTS_LOOKED_AT = 50;

export type Evidence = {
  /** Acts and refused attempts; newest first. */
  tried: AuditEventRow[];
  /** Stripe’s events that did not come to their end; newest first. */
  failing: StripeEventRow[];
  stripeCustomerIds: string[];
  correlationIds: string[];
};

/** What is known of a matter: who tried what, what failed, and the ids to go on with. */
export async function readEvidence(
  sql: Sql,
  subject: Subject,
  ticket: string,
  now: number,
): Promise<Evidence> {
  const span = { from: now - LOOK_BACK_MS, to: now };
  const { customer, shown } = subject;
  const links = customer ? await listLinks(sql, customer.id) : [];
  const stripeCustomerIds = links.map((link) => link.stripe_customer_id);
  const trail = customer === null && shown !== '' ? await followId(sql, shown, now) : null;
  const audit = [
    ...(customer
      ? await listNewestOf(sql, 'audit_events', [customer.id], { ...span, limit: TRIED_MAX })
      : []),
    ...(ticket === '' ? [] : await listAuditByTicket(sql, ticket)),
    ...(trail?.audit.values() ?? []),
  ];
  const events = [
    ...(await listNewestOf(sql, 'stripe_events', stripeCustomerIds, { ...span, limit: EVENTS_LOOKED_AT })),
    ...(trail?.events.values() ?? []),
  ];
  const tried = newest(audit, (row) => row.at).slice(0, TRIED_MAX);
  const failing = newest(events, (row) => row.received_at)
    .filter(({ status }) => ['failed', 'dead', 'waiting'].includes(status))
    .slice(0, TRIED_MAX);
  const found = [...failing, ...tried].map((row) => row.correlation_id);
  return {
    tried,
    failing,
    stripeCustomerIds,
    correlationIds: [...new Set([...found, ...(trail?.correlationIds ?? [])])].slice(0, TRIED_MAX),
  };
}

/** Each row once. */
function newest<T extends { id: string }>(rows: readonly T[], at: (row: T) => number): T[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()].sort((a, b) => at(b) - at(a));
}

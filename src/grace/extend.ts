import type { Sql } from '#db/connection.ts';
import { listLinks } from '#db/customer-links.ts';
import type { CustomerRow } from '#db/customers.ts';
import { type GracePeriodRow, listGraces, moveGraceDeadline } from '#db/grace-periods.ts';
import { listSubscriptionsOf } from '#db/subscriptions.ts';
import { DAY_MS, formatUtc, isoTime, MINUTE_MS, parseDuration } from '#src/core/clock.ts';
import { fieldError, UserError } from '#src/core/errors.ts';
import { ChoiceNeeded } from '#src/replies/choice-needed.ts';
import { dropGraceTimers, setGraceTimers } from './timers.ts';

/** No grace lasts longer in all, whoever extends it: after that it is a gift, which is a tier by hand. */
export const GRACE_MAX_MS = 14 * DAY_MS;

const LEAST_EXTENSION_MS = 5 * MINUTE_MS;

/**
 * The grace of a customer whose payment is overdue now, open or over.
 *
 * @param named what was typed: a subscription's id chooses among several
 */
export async function findOverdueGrace(
  sql: Sql,
  mode: string,
  customer: CustomerRow,
  named: string,
  typed: string,
): Promise<GracePeriodRow> {
  const links = await listLinks(sql, customer.id);
  const ids = links.map((link) => link.stripe_customer_id);
  const overdue = (await listSubscriptionsOf(sql, ids, mode)).filter(({ status }) => status === 'past_due');
  const graces = (await listGraces(sql, customer.id)).filter(
    ({ state, subscription_id }) =>
      (state === 'open' || state === 'expired') && overdue.some(({ id }) => id === subscription_id),
  );
  const newest = overdue.flatMap(({ id }) => graces.find((grace) => grace.subscription_id === id) ?? []);
  const chosen = newest.find(({ subscription_id }) => subscription_id === named.trim()) ?? newest[0];
  if (!chosen) {
    throw new UserError(
      'conflict',
      `${customer.email} has no payment that is overdue, so there is no grace to extend.`,
      `payment show ${customer.email} tells how the latest payment stands; tier set gives a tier by hand.`,
    );
  }
  if (newest.length > 1 && !named.startsWith('sub_')) throw whichOne(customer, newest, typed);
  return chosen;
}

function whichOne(customer: CustomerRow, graces: readonly GracePeriodRow[], typed: string): ChoiceNeeded {
  return new ChoiceNeeded({
    tone: 'info',
    title: `${customer.email} has ${graces.length} overdue subscriptions: which one is meant? Nothing was changed.`,
    hint: 'Choose one; you see a preview first.',
    buttons: graces.map(({ subscription_id }) => ({
      kind: 'command' as const,
      label: `Grace for ${subscription_id}`,
      line: `payment grace ${subscription_id} ${typed}`,
    })),
  });
}

/** Refuses a deadline that moves nothing, takes back what the plan promised, or is beyond every grace. */
export function requireExtendable(
  email: string,
  grace: GracePeriodRow,
  deadlineAt: number,
  typed: string,
  now: number,
): void {
  const latest = grace.started_at + GRACE_MAX_MS;
  const promised = grace.first_deadline_at ?? grace.deadline_at;
  const isOpen = grace.state === 'open';
  if (deadlineAt > latest) {
    const message = `A grace lasts 14 days at most, and this one began ${formatUtc(grace.started_at)}.`;
    throw new UserError(
      'refused',
      message,
      latest > now
        ? `The latest is ${isoTime(latest)}. For longer, give a tier by hand: tier set ${email}`
        : `Give a tier by hand instead: tier set ${email}`,
      { until: message },
    );
  }
  const isNoLonger = isOpen ? formatUtc(deadlineAt) === formatUtc(grace.deadline_at) : deadlineAt <= now;
  // A span was meant to give time: one that is over before the grace is would take some, and the plan’s own span, typed
  // a minute after the payment failed, gives none to speak of.
  const isSlip =
    isOpen && parseDuration(typed) !== null && deadlineAt < grace.deadline_at + LEAST_EXTENSION_MS;
  if (isNoLonger || isSlip) {
    const end = formatUtc(grace.deadline_at);
    throw new UserError(
      'conflict',
      isOpen
        ? `The grace of ${email} lasts until ${end} already, so nothing was changed.`
        : `The grace of ${email} ended ${end} already, so nothing was changed.`,
      `Give a later moment or a longer span, such as: payment grace ${email} 72h`,
      { until: 'That gives no time.' },
    );
  }
  if (deadlineAt < promised) {
    const message = `The plan itself gives grace until ${formatUtc(promised)}, so it cannot end before.`;
    throw fieldError('until', message, `Give a later moment, such as ${isoTime(promised)}.`);
  }
}

/** Moves the deadline with its timers; the anchor stays. False when the grace moved meanwhile. */
export async function extendGrace(
  sql: Sql,
  now: number,
  grace: GracePeriodRow,
  deadlineAt: number,
): Promise<boolean> {
  const isOpen = deadlineAt > now;
  const isMoved = await moveGraceDeadline(sql, grace, {
    deadline_at: deadlineAt,
    state: isOpen ? 'open' : 'expired',
    closed_at: isOpen ? null : now,
  });
  if (!isMoved) return false;
  if (isOpen) await setGraceTimers(sql, now, { ...grace, deadline_at: deadlineAt });
  else await dropGraceTimers(sql, grace.id);
  return true;
}

import type { Sql } from '#db/connection.ts';
import { readMirrorOfPage, type Span } from '#db/reconcile-mirror.ts';
import type { ReconcileRunRow } from '#db/reconcile-runs.ts';
import { listBooked, listOwners, listRefundedOf, listUnseen } from '#db/reconcile-scan.ts';
import type { ListName, ReconcileShardRow } from '#db/reconcile-shards.ts';
import { SECOND_MS } from '#src/core/clock.ts';
import { lowestTier } from '#src/core/settings.ts';
import type { ListedRefund, ListedSession, ListPage, ListRange } from '#src/gateways/stripe-list-calls.ts';
import { comparePage, type PageContext, type Suspicion } from './compare-page.ts';
import type { ReconcileDeps } from './deps.ts';
import type { Found } from './kinds.ts';

/** What one page of a list at Stripe came to. */
export type PageRead = {
  rows: { id: string; createdAt: number }[];
  hasMore: boolean;
  suspicions: Suspicion[];
  found: Found[];
  /** How many of the last row’s second are here, too. */
  lastKnown?: number;
};

export type StripeList = Extract<ListName, 'subscriptions' | 'refunds' | 'sessions'>;

export const stripeLists: readonly StripeList[] = ['subscriptions', 'refunds', 'sessions'];

/** One page of a list at Stripe, compared with what is here. Null when Stripe knows the place no more. */
export async function readList(
  deps: ReconcileDeps,
  run: ReconcileRunRow,
  shard: ReconcileShardRow,
): Promise<PageRead | null> {
  const { lists } = deps.stripe;
  const sql = deps.database.knex;
  const range: ListRange = { from: shard.from_at, before: shard.before_at, after: shard.cursor };
  if (shard.list === 'refunds') {
    const page = await lists.listRefundPage(range);
    return page && { ...page, suspicions: await compareRefunds(sql, page.rows), found: [] };
  }
  if (shard.list === 'sessions') {
    const page = await lists.listSessionPage(range);
    return page && { ...page, ...(await compareSessions(sql, deps, page.rows)) };
  }
  const page = await lists.listSubscriptionPage(range);
  if (!page) return null;
  const { settings, mode, creditsSince } = deps;
  const context: PageContext = { settings, mode, creditsSince, now: run.started_at };
  const span = spanOf(shard, page);
  const ids = page.rows.map((row) => row.id);
  const { mirrored, made } = await readMirrorOfPage(deps.database, { ids, mode: run.mode, span });
  const { suspicions, known } = await comparePage(sql, context, page.rows, mirrored);
  const shown = known.filter(({ createdAt }) => span && createdAt >= span.from).length;
  const earlier = shard.cursor === null ? 0 : shard.cursor_known;
  const unseen = span && made !== shown + earlier ? await suspectUnseen(sql, run, span, ids) : [];
  const last = page.rows.at(-1)?.createdAt;
  const isSameSecond = last !== undefined && last === shard.cursor_at;
  return {
    ...page,
    suspicions: [...suspicions, ...unseen],
    found: [],
    lastKnown:
      known.filter(({ createdAt }) => createdAt === last).length + (isSameSecond ? shard.cursor_known : 0),
  };
}

/**
 * The other direction: a page spans a time, and as many as it shows of those that are here must be here in that time. So
 * nothing has to be marked as seen. A second that two pages share is counted when it is over.
 */
function spanOf(shard: ReconcileShardRow, page: ListPage<{ createdAt: number }>): Span | null {
  const last = page.rows.at(-1)?.createdAt;
  const before =
    shard.cursor_at === null || shard.cursor === null ? shard.before_at : shard.cursor_at + SECOND_MS;
  const from = page.hasMore && last !== undefined ? last + SECOND_MS : shard.from_at;
  return from < before ? { from, before } : null;
}

async function suspectUnseen(
  sql: Sql,
  run: ReconcileRunRow,
  span: Span,
  seen: readonly string[],
): Promise<Suspicion[]> {
  const unseen = await listUnseen(sql, run.mode, span, seen);
  return unseen
    .filter((row) => row.fetched_at < run.started_at)
    .map((row) => ({ subject: row.stripe_customer_id, hint: null }));
}

/** A payment that was last read before its refund was made, or of which less went back than Stripe says. */
async function compareRefunds(sql: Sql, refunds: readonly ListedRefund[]): Promise<Suspicion[]> {
  const payments = await listRefundedOf(sql, {
    intents: refunds.flatMap((refund) => refund.paymentIntentId ?? []),
    charges: refunds.flatMap((refund) => refund.chargeId ?? []),
  });
  return payments.flatMap((payment): Suspicion[] => {
    const own = refunds.filter(
      (refund) =>
        (payment.payment_intent_id !== null && refund.paymentIntentId === payment.payment_intent_id) ||
        (payment.charge_id !== null && refund.chargeId === payment.charge_id),
    );
    const gone = own
      .filter((refund) => refund.status === 'succeeded')
      .reduce((sum, { amount }) => sum + amount, 0);
    const cameBack = own.some(({ status }) => status === 'failed' || status === 'canceled');
    const isUnheard = own.some((refund) => refund.createdAt >= payment.fetched_at);
    const differs =
      isUnheard || gone > payment.amount_refunded || (cameBack && payment.amount_refunded > gone);
    if (!differs || !payment.stripe_customer_id) return [];
    return [
      { subject: payment.stripe_customer_id, hint: { payments: [{ id: payment.id, sessionId: null }] } },
    ];
  });
}

/** Bought and not booked; begun and not finished by somebody who still has nothing. */
async function compareSessions(
  sql: Sql,
  deps: Pick<ReconcileDeps, 'settings'>,
  sessions: readonly ListedSession[],
): Promise<Pick<PageRead, 'suspicions' | 'found'>> {
  const customers = sessions.flatMap((session) => session.stripeCustomerId ?? []);
  const owners = new Map(
    (await listOwners(sql, customers)).map((owner) => [owner.stripe_customer_id, owner]),
  );
  const bought = sessions.filter(
    ({ status, mode, paymentStatus, stripeCustomerId }) =>
      status === 'complete' &&
      mode === 'payment' &&
      paymentStatus === 'paid' &&
      owners.has(stripeCustomerId ?? ''),
  );
  const rows = await listBooked(sql, bought.map(paymentOf));
  const booked = new Set(rows.filter((row) => row.status === 'paid').map((row) => row.id));
  const missing = bought.filter((session) => !booked.has(paymentOf(session)));
  const found = sessions.flatMap((session): Found[] => {
    const owner = owners.get(session.stripeCustomerId ?? '');
    const hasNothing = owner && (owner.tier === null || owner.tier === lowestTier(deps.settings));
    if (session.status !== 'expired' || !hasNothing) return [];
    return [
      {
        kind: 'abandoned_checkout',
        subject: session.id,
        customerId: owner.customer_id,
        stripeCustomerId: session.stripeCustomerId,
        stripe: 'a checkout that expired unpaid',
        lucy: `tier ${owner.tier ?? lowestTier(deps.settings)}`,
        action: 'Nothing has to be done; support may ask whether the customer needs help.',
        isAmbiguous: true,
      },
    ];
  });
  return {
    found,
    suspicions: missing.map((session) => ({
      subject: session.stripeCustomerId ?? '',
      hint: { payments: [{ id: paymentOf(session), sessionId: session.id }] },
    })),
  };
}

function paymentOf(session: ListedSession): string {
  return session.invoiceId ?? session.paymentIntentId ?? session.id;
}

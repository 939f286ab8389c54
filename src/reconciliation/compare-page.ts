import type { Sql } from '#db/connection.ts';
import type { MirrorRow } from '#db/reconcile-mirror.ts';
import { type BookedRow, listBooked, listOwners, type OwnerRow } from '#db/reconcile-scan.ts';
import { DAY_MS } from '#src/core/clock.ts';
import { type Settings, tierRank } from '#src/core/settings.ts';
import { listed } from '#src/core/text.ts';
import type { FetchedItem } from '#src/gateways/stripe.ts';
import type { ListedSubscription } from '#src/gateways/stripe-list-calls.ts';
import { parseItems } from '#src/subscriptions/item.ts';
import { mapPlan } from '#src/subscriptions/plan-map.ts';
import type { Hint } from './kinds.ts';
import { sameItems } from './same-items.ts';

/** Somebody whose data looks different: a reason to look closely, never a finding by itself. */
export type Suspicion = { subject: string; hint: Hint | null };

export type PageContext = { settings: Settings; mode: string; creditsSince: number; now: number };

export type Compared = {
  suspicions: Suspicion[];
  /** Those of the page that are here, too, and when they were made; milliseconds. */
  known: { id: string; createdAt: number }[];
};

/** Compares a page of Stripe's subscriptions with what Lucy has of them, mostly without asking anything more. */
export async function comparePage(
  sql: Sql,
  context: PageContext,
  rows: readonly ListedSubscription[],
  mirror: readonly MirrorRow[],
): Promise<Compared> {
  const mirrored = new Map(mirror.map((row) => [row.id, row]));
  const strange = rows.filter((row) => mirrored.get(row.id)?.stripe_customer_id !== row.stripeCustomerId);
  const owners = await ownersOf(sql, strange);
  const booked = await bookedOf(sql, strange);
  const suspicions = new Map<string, Hint | null>();
  const known: Compared['known'] = [];
  for (const row of rows) {
    const mirror = mirrored.get(row.id);
    if (mirror && isHere(context, row, mirror)) known.push({ id: row.id, createdAt: row.createdAt });
    const subject = row.stripeCustomerId;
    if (subject === null) continue;
    const isStrange = mirror?.stripe_customer_id !== subject;
    const owner = isStrange ? owners.get(subject) : mirror?.customer_id === null ? undefined : mirror;
    const hint = owner
      ? suspect(context, row, isStrange ? undefined : mirror, owner, booked)
      : isPaying(context.settings, row)
        ? { unlinked: `${row.id} is ${row.status} (${namesOf(row)})` }
        : undefined;
    if (hint !== undefined) suspicions.set(subject, mergeHints(suspicions.get(subject), hint));
  }
  return { suspicions: [...suspicions].map(([subject, hint]) => ({ subject, hint })), known };
}

type Owner = Pick<OwnerRow, 'tier' | 'access' | 'source' | 'source_ref'>;

/** Whose the subscriptions are that Lucy does not know, or knows as somebody else’s. */
async function ownersOf(sql: Sql, strange: readonly ListedSubscription[]): Promise<Map<string, OwnerRow>> {
  const customers = [...new Set(strange.flatMap((row) => row.stripeCustomerId ?? []))];
  if (customers.length === 0) return new Map();
  return new Map((await listOwners(sql, customers)).map((owner) => [owner.stripe_customer_id, owner]));
}

async function bookedOf(sql: Sql, strange: readonly ListedSubscription[]): Promise<Map<string, BookedRow>> {
  const rows = await listBooked(
    sql,
    strange.flatMap((row) => row.latestInvoiceId ?? []),
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** What to look at closely; undefined when both sides agree. */
function suspect(
  context: PageContext,
  row: ListedSubscription,
  mirror: MirrorRow | undefined,
  owner: Owner,
  booked: ReadonlyMap<string, BookedRow>,
): Hint | null | undefined {
  const payment =
    mirror?.latest_invoice_id === row.latestInvoiceId
      ? paymentOf(mirror)
      : booked.get(row.latestInvoiceId ?? '');
  if (mayOwe(context, row) && !isBooked(context, row, payment))
    return row.endedAt === null ? null : { payments: [{ id: row.latestInvoiceId ?? '', sessionId: null }] };
  const isOver = row.endedAt !== null || row.status === 'incomplete_expired';
  // What was over before Lucy knew the customer never mattered to her.
  if (!mirror) return isOver && owner.source_ref !== row.id ? undefined : null;
  if (!isSame(row, mirror) || !isProvisioned(context.settings, row, mirror, owner)) return null;
  return undefined;
}

function paymentOf(mirror: MirrorRow | undefined): Payment | undefined {
  if (!mirror || mirror.paid_status === null) return undefined;
  return {
    status: mirror.paid_status,
    credits_granted: mirror.credits_granted ?? 0,
    paid_at: mirror.paid_at,
  };
}

type Payment = Omit<BookedRow, 'id'>;

function isHere({ mode }: PageContext, row: ListedSubscription, mirror: MirrorRow): boolean {
  return mirror.gone_at === null && mirror.mode === mode && mirror.created_at === row.createdAt;
}

function isSame(row: ListedSubscription, mirror: MirrorRow): boolean {
  return (
    mirror.gone_at === null &&
    mirror.status === row.status &&
    (mirror.mode === 'live') === row.isLive &&
    mirror.pause_behavior === row.pauseBehavior &&
    mirror.cancel_at === row.cancelAt &&
    mirror.ended_at === row.endedAt &&
    mirror.latest_invoice_id === row.latestInvoiceId &&
    sameItems(row.items, mirror.items)
  );
}

/** Whether what the customer has can come from this subscription. In doubt it cannot, and the close look decides. */
function isProvisioned(
  settings: Settings,
  row: ListedSubscription,
  mirror: MirrorRow,
  owner: Owner,
): boolean {
  const gives = owner.source_ref === row.id;
  if (owner.source === 'override') return true;
  if (row.status === 'past_due') return gives && owner.access === 'grace';
  if (!isPaying(settings, row)) return !gives;
  if (owner.tier === null || owner.access === 'grace') return false;
  // The tier of a product stands in the mirror alone.
  const tier = tierOf(settings, row.items) ?? tierOf(settings, parseItems(mirror.items));
  if (tier === null) return false;
  if (owner.source === 'subscription') return gives && tier === owner.tier;
  return owner.source === 'manual' && tierRank(settings, tier) <= tierRank(settings, owner.tier);
}

function isPaying(settings: Settings, row: ListedSubscription): boolean {
  if (row.status !== 'active' && row.status !== 'trialing') return false;
  return row.pauseBehavior === null || settings.billing.paused === 'keep';
}

/** The highest tier of the items; null when one of them is mapped by nothing. */
function tierOf(settings: Settings, items: readonly FetchedItem[]): string | null {
  let best: string | null = null;
  for (const item of items) {
    const plan = mapPlan(settings, item);
    if (!plan) return null;
    if (best === null || tierRank(settings, plan.tier) > tierRank(settings, best)) best = plan.tier;
  }
  return best;
}

/** Its latest invoice may have brought credits that nobody granted. */
function mayOwe({ settings, creditsSince, now }: PageContext, row: ListedSubscription): boolean {
  if (row.latestInvoiceId === null) return false;
  if (row.endedAt !== null)
    return row.endedAt >= Math.max(creditsSince, now - settings.reconcile.payments_days * DAY_MS);
  return row.status === 'active' || row.status === 'trialing';
}

function isBooked(
  { settings, creditsSince }: PageContext,
  row: ListedSubscription,
  payment: Payment | undefined,
): boolean {
  if (payment?.status !== 'paid') return false;
  if (payment.credits_granted > 0 || (payment.paid_at ?? 0) < creditsSince || row.endedAt !== null)
    return true;
  return row.items.every((item) => (mapPlan(settings, item)?.credits_per_period ?? 0) === 0);
}

function namesOf(row: ListedSubscription): string {
  return listed(row.items.map((item) => item.lookupKey ?? item.priceId));
}

export function mergeHints(one: Hint | null | undefined, other: Hint | null): Hint | null {
  if (!one || !other) return one ?? other;
  const payments = [...(one.payments ?? []), ...(other.payments ?? [])];
  const unlinked = other.unlinked ?? one.unlinked;
  return { ...(payments.length > 0 ? { payments } : {}), ...(unlinked ? { unlinked } : {}) };
}

import type { CustomerRow } from '#db/customers.ts';
import type { GracePeriodRow } from '#db/grace-periods.ts';
import type { SubscriptionRow } from '#db/subscriptions.ts';
import { formatUtc, HOUR_MS } from '#src/core/clock.ts';
import { lowestTier, type Settings, tierRank } from '#src/core/settings.ts';
import { counted, listed } from '#src/core/text.ts';
import { parseItems } from '#src/subscriptions/item.ts';
import type { FindingKind, Found } from './kinds.ts';
import type { Rehearsal } from './rehearse.ts';
import { sameItems } from './same-items.ts';

/** What a rehearsal says in findings: one for what the customer may use, one for each payment, grace and question. */
export function judge(
  settings: Settings,
  owner: CustomerRow,
  stripeCustomers: readonly string[],
  rehearsal: Rehearsal,
): Found[] {
  const { before, entitlement, news, newGraces, mirrorAfter } = rehearsal;
  const stripeCustomerId = stripeCustomers[0] ?? null;
  const isAmbiguous =
    stripeCustomers.length !== 1 ||
    entitlement.duplicates.length > 0 ||
    entitlement.unmappedPrices.length > 0;
  const base = { customerId: owner.id, stripeCustomerId, isAmbiguous };
  const atStripe =
    mirrorAfter.length === 0 ? 'no subscription' : listed(mirrorAfter.slice(0, 5).map(inWords));
  const here = `tier ${before.tier}, access ${before.access}`;
  const found: Found[] = [];
  const openGraces = newGraces.filter((grace) => grace.state === 'open');
  for (const grace of openGraces) {
    found.push({
      ...base,
      kind: 'grace_missing',
      subject: grace.subscription_id,
      stripe: atStripe,
      lucy: `${here}; no grace for ${grace.invoice_id}`,
      action: graceAction(grace, rehearsal),
    });
  }
  const kind = tierKind(settings, rehearsal);
  const isExplained = kind === 'wrong_tier' && openGraces.length > 0 && before.tier === entitlement.tier;
  if (kind && !isExplained) {
    found.push({
      ...base,
      kind,
      subject: owner.id,
      stripe: atStripe,
      lucy: here,
      action: tierAction(owner, stripeCustomers, rehearsal),
    });
  }
  for (const item of news) {
    const missing = item.granted + Math.max(item.moved, 0);
    const stripe = `${item.sentence}`;
    const payment = { ...base, subject: item.paymentId };
    if (item.isPaidAfterCancel)
      found.push({
        ...payment,
        kind: 'paid_after_cancel',
        isAmbiguous: true,
        stripe: 'paid after its subscription had ended',
        lucy: 'no credits, and nobody was told',
        action: `Refund it, or help the customer to subscribe again: refund request ${item.paymentId}`,
      });
    if (missing > 0)
      found.push({
        ...payment,
        kind: 'credits_missing',
        stripe: 'paid',
        lucy: `${counted(missing, 'credit')} not granted`,
        action: `Settle the payment: ${stripe}.`,
      });
    if (item.moved < 0)
      found.push({
        ...payment,
        kind: 'credits_excess',
        stripe: 'refunded or voided',
        lucy: `${counted(-item.moved, 'credit')} too many`,
        action: `Settle the payment: ${stripe}.`,
      });
  }
  found.push(...frozenOf(base, news));
  if (found.length === 0) found.push(...staleMirrors(base, rehearsal));
  return [...found, ...questions(base, owner, atStripe, here, rehearsal)];
}

/** Where no failure was heard of, the grace runs from its opening: a look later must come to the same words. */
function graceAction({ started_at, deadline_at }: GracePeriodRow, { at }: Rehearsal): string {
  const hours = Math.round((deadline_at - started_at) / HOUR_MS);
  return started_at < at
    ? `Open the grace until ${formatUtc(deadline_at)}, and keep the tier until then.`
    : `Open a grace of ${counted(hours, 'hour')} from the repair on, and keep the tier until then.`;
}

function tierKind(settings: Settings, { before, entitlement }: Rehearsal): FindingKind | null {
  if (before.tier === entitlement.tier) return before.access === entitlement.access ? null : 'wrong_tier';
  const rises = tierRank(settings, entitlement.tier) > tierRank(settings, before.tier);
  if (rises) return before.tier === lowestTier(settings) ? 'paid_not_provisioned' : 'wrong_tier';
  return entitlement.tier === lowestTier(settings) ? 'provisioned_not_paid' : 'wrong_tier';
}

function tierAction(
  { email }: CustomerRow,
  stripeCustomers: readonly string[],
  { before, entitlement }: Rehearsal,
): string {
  if (stripeCustomers.length === 0)
    return `Link the Stripe customer who pays (customer link ${email} cus_…), or end the tier: tier reset ${email}`;
  if (stripeCustomers.length > 1)
    return `Check which of ${listed(stripeCustomers)} is theirs, then: tier reset ${email}`;
  return `Fetch the customer from Stripe anew: tier ${before.tier} → ${entitlement.tier}, access ${before.access} → ${entitlement.access}.`;
}

/** Credits that a dispute should have frozen, or freed; those of a payment that has to be settled come with it. */
function frozenOf(base: Base, news: Rehearsal['news']): Found[] {
  return news.flatMap(({ paymentId, sentence, frozen = 0 }): Found[] => {
    const isSettledAnyway = news.some((item) => item.paymentId === paymentId && !item.frozen);
    if (frozen === 0 || isSettledAnyway) return [];
    const credits = counted(Math.abs(frozen), 'credit');
    return [
      {
        ...base,
        kind: frozen > 0 ? 'credits_excess' : 'credits_missing',
        subject: paymentId,
        stripe: frozen > 0 ? 'under dispute' : 'its dispute is over',
        lucy: frozen > 0 ? `${credits} can be spent` : `${credits} still frozen`,
        action: `Settle the payment: ${sentence}.`,
      },
    ];
  });
}

type Base = Pick<Found, 'customerId' | 'stripeCustomerId' | 'isAmbiguous'>;

function staleMirrors(base: Base, { mirrorBefore, mirrorAfter }: Rehearsal): Found[] {
  const ids = new Set([...mirrorBefore, ...mirrorAfter].map((row) => row.id));
  return [...ids].flatMap((id) => {
    const ours = mirrorBefore.find((row) => row.id === id);
    const theirs = mirrorAfter.find((row) => row.id === id);
    if (ours && theirs && isSame(ours, theirs)) return [];
    // What began and ended without Lucy changes nothing for anybody.
    if (!ours && theirs?.ended_at) return [];
    return [
      {
        ...base,
        kind: 'stale_mirror' as const,
        subject: id,
        stripe: theirs ? detailsOf(theirs) : 'not listed any more',
        lucy: ours ? detailsOf(ours) : 'not known',
        action: 'Fetch the customer from Stripe anew; tier and access stay as they are.',
      },
    ];
  });
}

function isSame(one: SubscriptionRow, other: SubscriptionRow): boolean {
  const bare = ({ items: _items, fetched_at: _at, pending_items, ...row }: SubscriptionRow) =>
    JSON.stringify({ ...row, pending: pending_items });
  return bare(one) === bare(other) && sameItems(parseItems(one.items), other.items);
}

/** What only a person can decide. */
function questions(
  base: Base,
  owner: CustomerRow,
  stripe: string,
  lucy: string,
  { entitlement }: Rehearsal,
): Found[] {
  const asked: Found[] = [];
  const about = { ...base, subject: owner.id, isAmbiguous: true, stripe, lucy };
  if (entitlement.unmappedPrices.length > 0)
    asked.push({
      ...about,
      kind: 'unmapped_price',
      action: `Add ${listed(entitlement.unmappedPrices)} to plans: in lucy.config.yml, then: tier reset ${owner.email}`,
    });
  if (entitlement.duplicates.length > 0)
    asked.push({
      ...about,
      kind: 'duplicate_subscription',
      action: `Ask the customer which of ${listed(entitlement.duplicates)} to keep, and end the other: subscription cancel`,
    });
  return asked;
}

/** `sub_1 is active (pro_monthly)`. */
function inWords(row: SubscriptionRow): string {
  const sold = parseItems(row.items).map((item) => item.lookupKey ?? item.priceId);
  return `${row.id} is ${row.status} (${listed(sold)})`;
}

function detailsOf(row: SubscriptionRow): string {
  const details = [inWords(row)];
  if (row.cancel_at !== null) details.push(`ends ${formatUtc(row.cancel_at)}`);
  if (row.ended_at !== null) details.push(`ended ${formatUtc(row.ended_at)}`);
  if (row.pause_behavior !== null) details.push('its collection is paused');
  if (row.latest_invoice_id !== null) details.push(`latest invoice ${row.latest_invoice_id}`);
  const period = parseItems(row.items)[0]?.periodEnd;
  if (period) details.push(`paid until ${formatUtc(period)}`);
  return details.join(', ');
}

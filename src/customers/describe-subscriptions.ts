import type { GracePeriodRow } from '#db/grace-periods.ts';
import type { SubscriptionRow } from '#db/subscriptions.ts';
import { isoTime } from '#src/core/clock.ts';
import { lowestTier, type Settings } from '#src/core/settings.ts';
import { listed } from '#src/core/text.ts';
import type { Fact, Reply, Section } from '#src/replies/reply.ts';
import { parseItems, type SubscriptionItem } from '#src/subscriptions/item.ts';
import { mapPlan } from '#src/subscriptions/plan-map.ts';
import { explainTier } from './describe.ts';
import type { CustomerPicture } from './picture.ts';

/** Stripe's statuses in one sentence each (docs.stripe.com/billing/subscriptions/overview#subscription-statuses). */
const statusSentences: Readonly<Record<string, string>> = {
  active: 'Active: paid, and it counts.',
  trialing: 'In its trial: nothing was paid yet, and it counts.',
  past_due:
    'Past due: the last payment failed and Stripe goes on trying. It counts only while a grace is open.',
  unpaid: 'Unpaid: Stripe gave up trying, so it does not count.',
  canceled: 'Canceled: it has ended and does not count.',
  incomplete:
    'Incomplete: the first payment has not gone through, so it does not count; it lapses after 23 hours.',
  incomplete_expired: 'Never started: the first payment did not go through in time, so it does not count.',
  paused: 'Paused: its trial ended without a payment method.',
};

const manualSentences: Readonly<Record<string, string>> = {
  active: 'Active: it counts for tier and access, and grants no credits.',
  paused: 'Paused by staff: it does not count.',
  canceled: 'Canceled by staff: it does not count.',
};

/** What Stripe says and what staff recorded, in plain words. */
export function describeSubscriptions(
  settings: Settings,
  picture: CustomerPicture,
  graces: readonly GracePeriodRow[],
  now: number,
): Reply {
  const { customer, subscriptions, manual, links, entitlement } = picture;
  const tier = entitlement?.tier ?? lowestTier(settings);
  const sections = subscriptions.map((row) => stripeSection(settings, row, graces));
  const hasRunOut = manual !== null && manual.ends_at !== null && manual.ends_at <= now;
  if (manual) {
    sections.push({
      heading: `Manual ${manual.type} subscription, paid outside Stripe`,
      lines: [
        [
          hasRunOut
            ? 'Ran out: it does not count any more.'
            : (manualSentences[manual.status] ?? manual.status),
        ],
        ['Gives', manual.tier],
        ...(manual.ends_at === null ? [] : [['Until', { at: manual.ends_at }]]),
        ['Recorded', { at: manual.set_at }, `because: ${manual.reason}`],
      ],
    });
  }
  const facts: Fact[] = [
    { label: 'Tier', value: tier },
    { label: 'Why', value: explainTier(picture) },
    {
      label: 'Stripe customer',
      value: links.map((link) => link.stripe_customer_id).join(', ') || 'None linked',
    },
  ];
  return {
    tone: 'info',
    title:
      sections.length > 0
        ? `${customer.email} is on ${tier}.`
        : `${customer.email} is on ${tier} and has no subscription.`,
    facts,
    sections,
    ...(sections.length === 0 && links.length === 0
      ? { hint: `If there is one in Stripe, link it: customer link ${customer.email} cus_…` }
      : {}),
    buttons: [
      { kind: 'command', label: 'Show customer', line: `customer show ${customer.email}` },
      { kind: 'command', label: 'Ask Stripe anew', line: `tier reset ${customer.email}` },
    ],
    json: {
      email: customer.email,
      tier,
      tierSource: entitlement?.source ?? 'default',
      stripeCustomers: links.map((link) => link.stripe_customer_id),
      subscriptions: subscriptions.map((row) => stripeJson(settings, row, graces)),
      manual: manual && {
        type: manual.type,
        status: manual.status,
        tier: manual.tier,
        counts: manual.status === 'active' && !hasRunOut,
        until: manual.ends_at === null ? null : isoTime(manual.ends_at),
        reason: manual.reason,
        setAt: isoTime(manual.set_at),
      },
    },
  };
}

function stripeSection(settings: Settings, row: SubscriptionRow, graces: readonly GracePeriodRow[]): Section {
  const items = parseItems(row.items);
  const end = periodEnd(items);
  const grace = graceOf(row, graces);
  const pending = parseItems(row.pending_items);
  return {
    heading: `${row.id} at Stripe`,
    lines: [
      [explainStatus(settings, row)],
      ['Plan', planWords(settings, items)],
      ...(end === null ? [] : [['Paid period ends', { at: end }]]),
      ...(row.trial_end === null || row.status !== 'trialing' ? [] : [['Trial ends', { at: row.trial_end }]]),
      ...(row.cancel_at === null ? [] : [['Ends for good', { at: row.cancel_at }]]),
      ...(row.pending_at === null
        ? []
        : [['Changes to', planWords(settings, pending), { at: row.pending_at }]]),
      ...(grace ? [['Grace until', { at: grace.deadline_at }]] : []),
      ...(row.ended_at === null ? [] : [['Ended', { at: row.ended_at }]]),
      ['Read from Stripe', { at: row.fetched_at }],
    ],
  };
}

function explainStatus(settings: Settings, row: SubscriptionRow): string {
  const keeps = settings.billing.paused === 'keep';
  const byPolicy = keeps ? 'By policy it counts meanwhile.' : 'By policy it does not count meanwhile.';
  if (row.pause_behavior !== null && (row.status === 'active' || row.status === 'trialing'))
    return `Collection is paused, so nothing is charged. ${byPolicy}`;
  const sentence = statusSentences[row.status] ?? `Stripe says “${row.status}”, which Lucy does not count.`;
  return row.status === 'paused' ? `${sentence} ${byPolicy}` : sentence;
}

function planWords(settings: Settings, items: readonly SubscriptionItem[]): string {
  const words = items.map((item) => {
    const tier = mapPlan(settings, item)?.tier ?? 'not mapped to a tier';
    const times = item.quantity === 1 ? '' : `${item.quantity} × `;
    return `${times}${item.lookupKey ?? item.priceId} (${tier})`;
  });
  return listed(words) || 'Nothing';
}

function periodEnd(items: readonly SubscriptionItem[]): number | null {
  const ends = items.flatMap((item) => (item.periodEnd === null ? [] : [item.periodEnd]));
  return ends.length > 0 ? Math.max(...ends) : null;
}

function graceOf(row: SubscriptionRow, graces: readonly GracePeriodRow[]): GracePeriodRow | undefined {
  return graces.find((grace) => grace.subscription_id === row.id && grace.state === 'open');
}

function stripeJson(
  settings: Settings,
  row: SubscriptionRow,
  graces: readonly GracePeriodRow[],
): Record<string, unknown> {
  const time = (at: number | null | undefined) => (at == null ? null : isoTime(at));
  const items = parseItems(row.items);
  return {
    id: row.id,
    status: row.status,
    explained: explainStatus(settings, row),
    tiers: items.map((item) => mapPlan(settings, item)?.tier ?? null),
    items,
    periodEnd: time(periodEnd(items)),
    trialEnd: time(row.trial_end),
    cancelAt: time(row.cancel_at),
    pendingAt: time(row.pending_at),
    pendingItems: parseItems(row.pending_items),
    graceUntil: time(graceOf(row, graces)?.deadline_at),
    endedAt: time(row.ended_at),
    fetchedAt: isoTime(row.fetched_at),
  };
}

import { formatUtc, isoTime } from '#src/core/clock.ts';
import { lowestTier, type Settings } from '#src/core/settings.ts';
import { counted } from '#src/core/text.ts';
import { signed } from '#src/credits/describe.ts';
import { lockWords } from '#src/entitlements/lock.ts';
import type { Fact, Reply, Section, Value } from '#src/replies/reply.ts';
import { parseItems } from '#src/subscriptions/item.ts';
import { mapPlan } from '#src/subscriptions/plan-map.ts';
import type { CustomerPicture } from './picture.ts';

/** Why the tier is what it is, in one sentence. */
export function explainTier(picture: CustomerPicture): string {
  const { entitlement, override, manual } = picture;
  if (entitlement?.source === 'override' && override) {
    const until = override.expires_at === null ? 'with no end' : `until ${formatUtc(override.expires_at)}`;
    return `Set by staff ${until}: ${override.reason}`;
  }
  if (entitlement?.source === 'manual' && manual)
    return `Manual ${manual.type} subscription (paid outside Stripe): ${manual.reason}`;
  if (entitlement?.source === 'subscription')
    return `Stripe subscription ${entitlement.source_ref ?? 'with a price that is not mapped; the tier was kept'}`;
  if (picture.subscriptions.length > 0) return 'No subscription counts now';
  return picture.links.length > 0
    ? 'Stripe knows no subscription'
    : 'No Stripe customer is linked, and no override is set';
}

const accessWords = {
  full: 'Full',
  grace: 'Full, in grace after a failed payment',
  restricted: 'Restricted',
  locked: 'Locked',
};

export function describeCustomer(settings: Settings, picture: CustomerPicture): Reply {
  const { customer, entitlement, credits, links, lock } = picture;
  const tier = entitlement?.tier ?? lowestTier(settings);
  const facts: Fact[] = [
    { label: 'Tier', value: tier },
    { label: 'Why', value: explainTier(picture) },
    { label: 'Access', value: accessWords[entitlement?.access ?? 'full'] },
    { label: 'Email', value: customer.email_verified_at === null ? 'Not verified' : 'Verified' },
    {
      label: 'Stripe customer',
      value: links[0] ? { code: links.map((link) => link.stripe_customer_id).join(', ') } : 'None linked',
    },
    { label: 'Credits', value: creditsLine(picture) },
  ];
  if (lock) facts.push({ label: 'Locked', value: `For fraud, ${lockWords(lock)}` });
  if (entitlement?.grace_deadline_at)
    facts.push({ label: 'Grace until', value: { at: entitlement.grace_deadline_at } });
  if (entitlement?.pending_tier && entitlement.pending_at) {
    facts.push({
      label: 'Coming',
      value: `${entitlement.pending_tier} from ${formatUtc(entitlement.pending_at)}`,
    });
  }
  return {
    tone: 'info',
    title: `${customer.email} is ${lock ? 'locked for fraud, ' : ''}on ${tier} with ${counted(credits.balance, 'credit')}.`,
    facts,
    sections: [subscriptionSection(settings, picture), creditSection(picture), changeSection(picture)],
    warnings: picture.findings.map((finding) => finding.summary),
    buttons: [
      { kind: 'command', label: 'Grant credits', line: `credits grant ${customer.email}` },
      { kind: 'command', label: 'Credit history', line: `credits show ${customer.email}` },
    ],
    json: customerJson(settings, picture),
  };
}

function creditsLine({ credits }: CustomerPicture): string {
  const parts = [String(credits.balance)];
  if (credits.held > 0) parts.push(`${credits.held} held`);
  if (credits.frozen > 0) parts.push(`${credits.frozen} frozen by a dispute`);
  if (credits.debt > 0) parts.push(`${credits.debt} owed after a refund`);
  return parts.join(', ');
}

function subscriptionSection(settings: Settings, picture: CustomerPicture): Section {
  const rows: Value[][] = picture.subscriptions.map((row) => [
    { code: row.id },
    row.pause_behavior ? `${row.status}, collection paused` : row.status,
    parseItems(row.items)
      .map((item) => mapPlan(settings, item)?.tier ?? `unmapped ${item.priceId}`)
      .join(', '),
  ]);
  const manual = picture.manual;
  if (manual) rows.push([`manual ${manual.type}`, manual.status, manual.tier]);
  return {
    heading: 'Subscriptions',
    table: { columns: ['Subscription', 'Status', 'Tier'], rows },
    empty: 'None.',
  };
}

function creditSection({ credits }: CustomerPicture): Section {
  const rows: Value[][] = credits.entries.map((entry) => [
    { at: entry.at },
    entry.type,
    signed(entry.amount),
    String(entry.balance_after),
    entry.reason ?? entry.source_id,
  ]);
  return {
    heading: 'Last credit events',
    table: { columns: ['When', 'What', 'Credits', 'Balance', 'Why'], rows },
    empty: 'None yet.',
  };
}

function changeSection({ changes }: CustomerPicture): Section {
  const rows: Value[][] = changes.map((change) => [
    { at: change.at },
    change.from_tier === change.to_tier ? change.to_tier : `${change.from_tier} → ${change.to_tier}`,
    change.from_access === change.to_access
      ? change.to_access
      : `${change.from_access} → ${change.to_access}`,
    change.reason,
  ]);
  return {
    heading: 'Last entitlement changes',
    table: { columns: ['When', 'Tier', 'Access', 'Why'], rows },
    empty: 'None yet.',
  };
}

/** The contract of DESIGN section 9: JSON. */
function customerJson(settings: Settings, picture: CustomerPicture): Record<string, unknown> {
  const { customer, entitlement, credits } = picture;
  return {
    email: customer.email,
    emailVerified: customer.email_verified_at !== null,
    tier: entitlement?.tier ?? lowestTier(settings),
    tierSource: entitlement?.source ?? 'default',
    tierReason: explainTier(picture),
    access: entitlement?.access ?? 'full',
    lock: picture.lock && {
      reason: picture.lock.reason,
      ticket: picture.lock.ticket,
      by: picture.lock.actor_name,
      at: isoTime(picture.lock.locked_at),
      correlationId: picture.lock.correlation_id,
    },
    pendingTier: entitlement?.pending_tier ?? null,
    pendingAt: entitlement?.pending_at ? isoTime(entitlement.pending_at) : null,
    graceUntil: entitlement?.grace_deadline_at ? isoTime(entitlement.grace_deadline_at) : null,
    stripeCustomer: picture.links[0]?.stripe_customer_id ?? null,
    subscriptions: [
      ...picture.subscriptions.map((row) => ({
        id: row.id,
        source: 'stripe',
        status: row.status,
        items: parseItems(row.items),
      })),
      ...(picture.manual
        ? [
            {
              id: picture.manual.id,
              source: 'manual',
              type: picture.manual.type,
              status: picture.manual.status,
              tier: picture.manual.tier,
            },
          ]
        : []),
    ],
    credits: {
      balance: credits.balance,
      held: credits.held,
      debt: credits.debt,
      ...(credits.frozen > 0 ? { frozen: credits.frozen } : {}),
    },
    creditEvents: credits.entries.map((entry) => ({
      id: entry.id,
      type: entry.type,
      amount: entry.amount,
      balanceAfter: entry.balance_after,
      reason: entry.reason,
      correlationId: entry.correlation_id,
      at: isoTime(entry.at),
    })),
    entitlementChanges: picture.changes.map((change) => ({
      from: { tier: change.from_tier, access: change.from_access },
      to: { tier: change.to_tier, access: change.to_access },
      reason: change.reason,
      cause: change.cause_ref,
      correlationId: change.correlation_id,
      at: isoTime(change.at),
    })),
    findings: picture.findings.map((finding) => ({ kind: finding.kind, summary: finding.summary })),
  };
}

import { listSyncStates } from '#db/detector-tiers.ts';
import { formatUtc } from '#src/core/clock.ts';
import { lowestTier } from '#src/core/settings.ts';
import { counted, listed } from '#src/core/text.ts';
import type { FetchedItem } from '#src/gateways/stripe.ts';
import { parseItems } from '#src/subscriptions/item.ts';
import { mapPlan } from '#src/subscriptions/plan-map.ts';
import { type Check, type CheckContext, fine, type Verdict } from '../check.ts';
import { findTierTrouble, tierTroubleWords } from '../tier-trouble.ts';
import { changeWords } from '../why-tier.ts';

/** Support runbook, quick reference row 1 and section 2: the tier beside the mirror, and the mirror beside Stripe. */
export const wrongTier: Check = {
  id: 'wrong_tier',
  async run(context) {
    return (
      (await derivedOtherwise(context)) ??
      unmapped(context) ??
      mirrorBehind(context) ??
      (await inQueue(context)) ??
      unlinked(context) ??
      fine(allRight(context))
    );
  },
};

async function derivedOtherwise({
  sql,
  settings,
  mode,
  now,
  picture,
}: CheckContext): Promise<Verdict | null> {
  const { id, email } = picture.customer;
  const trouble = await findTierTrouble(sql, { settings, mode, now }, id);
  if (!trouble) return null;
  return {
    verdict: 'problem',
    sentence: `${email} ${tierTroubleWords(trouble)}.`,
    evidence: lastChange(picture),
    remedy: { label: 'Recompute the tier', line: `tier reset ${email}` },
  };
}

function unmapped({ settings, picture }: CheckContext): Verdict | null {
  const finding = picture.findings.find(({ kind }) => kind === 'unmapped_price');
  if (!finding) return null;
  return {
    verdict: 'problem',
    sentence: `${finding.summary} Add the price to plans: in lucy.config.yml, and then recompute.`,
    evidence: [`Tiers there are: ${settings.tiers.join(', ')}`, `Noticed ${formatUtc(finding.opened_at)}`],
    remedy: { label: 'Recompute the tier', line: `tier reset ${picture.customer.email}` },
  };
}

/** The mirror is what Stripe last said; that Stripe says something else now means that we were not told. */
function mirrorBehind({ settings, stripe, picture }: CheckContext): Verdict | null {
  if (!stripe) return null;
  const mirror = new Map(picture.subscriptions.map((row) => [row.id, row]));
  const differences = [...stripe.subscriptions.values()].flatMap((list) =>
    (list ?? []).flatMap((there) => {
      const row = mirror.get(there.id);
      if (!row && there.endedAt !== null) return [];
      const here = row ? `${row.status} (${tiersOf(settings, parseItems(row.items))})` : 'unknown';
      const said = `${there.status} (${tiersOf(settings, there.items)})`;
      return here === said ? [] : [`${there.id} is ${said} at Stripe and ${here} here.`];
    }),
  );
  if (differences.length === 0) return null;
  return {
    verdict: 'problem',
    sentence: `Lucy does not know yet what Stripe says now of ${counted(differences.length, 'subscription')} of ${picture.customer.email}.`,
    evidence: differences,
    remedy: { label: 'Ask Stripe anew', line: `tier reset ${picture.customer.email}` },
  };
}

function tiersOf(settings: CheckContext['settings'], items: readonly FetchedItem[]): string {
  return (
    listed(items.map((item) => mapPlan(settings, item)?.tier ?? `unmapped ${item.priceId}`)) || 'no items'
  );
}

async function inQueue({ sql, stripeCustomers }: CheckContext): Promise<Verdict | null> {
  const waiting = (await listSyncStates(sql, stripeCustomers)).filter(
    (row) => row.dirty_seq > row.synced_seq,
  );
  const [first] = waiting;
  if (!first) return null;
  return {
    verdict: 'unknown',
    sentence: `${first.stripe_customer_id} waits for its turn, so the tier may be about to change.`,
    evidence: first.last_error
      ? [
          `Tried ${first.attempts} times; the last time: ${first.last_error}. Again ${formatUtc(first.next_attempt_at)}.`,
        ]
      : [],
  };
}

function unlinked({ settings, picture }: CheckContext): Verdict | null {
  const { entitlement, links, override, manual, customer } = picture;
  if (links.length > 0 || override || manual) return null;
  if (entitlement && entitlement.tier !== lowestTier(settings)) return null;
  return {
    verdict: 'problem',
    sentence: `${customer.email} is linked to no Stripe customer, so nothing that they pay can count.`,
    evidence: ['Somebody who really has the lowest tier and never paid needs no link.'],
    remedy: { label: 'Link a Stripe customer', line: `customer link ${customer.email}` },
  };
}

function allRight({ stripe, picture }: CheckContext): string {
  const asStripe = stripe ? 'what Stripe says now' : 'what Stripe said last';
  return `The tier ${picture.entitlement?.tier ?? 'of nobody yet'} is ${asStripe} and what staff set.`;
}

function lastChange({ changes }: CheckContext['picture']): string[] {
  const [last] = changes;
  return last
    ? [`The last change: ${changeWords(last)} at ${formatUtc(last.at)} (${last.correlation_id})`]
    : ['There never was an entitlement change.'];
}

import { formatUtc } from '#src/core/clock.ts';
import { lowestTier, type Settings } from '#src/core/settings.ts';
import { explainTier } from '#src/customers/describe.ts';
import type { CustomerPicture } from '#src/customers/picture.ts';

/** Why a customer has the tier that they have, in one sentence, with the rows that say so. */
export type WhyTier = { sentence: string; refs: string[] };

/** From rows alone, so it needs no Stripe: what decides now, and the change that brought it. */
export function whyTier(settings: Settings, picture: CustomerPicture): WhyTier {
  const { entitlement, changes, lock, links } = picture;
  const tier = entitlement?.tier ?? lowestTier(settings);
  const [last] = changes;
  const parts = [`${tier}: ${explainTier(picture)}`];
  if (lock) parts.push(`locked for fraud since ${formatUtc(lock.locked_at)} (${lock.id})`);
  if (entitlement?.grace_deadline_at)
    parts.push(`in grace until ${formatUtc(entitlement.grace_deadline_at)}`);
  if (last)
    parts.push(
      `last change ${changeWords(last)} at ${formatUtc(last.at)} by ${last.cause_ref} (${last.correlation_id})`,
    );
  const refs = [
    entitlement?.source_ref,
    lock?.id,
    last?.id,
    last?.cause_ref,
    last?.correlation_id,
    ...links.map((link) => link.stripe_customer_id),
  ].filter((ref): ref is string => Boolean(ref));
  return { sentence: `${parts.join('; ')}.`, refs: [...new Set(refs)] };
}

/** `free → pro`; of a change that left the tier, what it did to the access: `full → grace`. */
export function changeWords(change: CustomerPicture['changes'][number]): string {
  const { from_tier, to_tier, from_access, to_access } = change;
  const tier = from_tier === to_tier ? [] : [`${from_tier} → ${to_tier}`];
  const access = from_access === to_access ? [] : [`${from_access} → ${to_access}`];
  return [...tier, ...access].join(', ') || `kept ${to_tier}`;
}

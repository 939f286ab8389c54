import { z } from 'zod';

/** What two sides can differ in (research: billing-anchors, section 4.4, “Reconcile”). */
export const findingKinds = [
  'paid_not_provisioned',
  'provisioned_not_paid',
  'wrong_tier',
  'grace_missing',
  'credits_missing',
  'credits_excess',
  'stale_mirror',
  'duplicate_subscription',
  'unmapped_price',
  'unlinked_customer',
  'paid_after_cancel',
  'mode_mix',
  'abandoned_checkout',
  'unreadable',
] as const;

export type FindingKind = (typeof findingKinds)[number];

/** In a reader's words, and whether Lucy may ever put it right by herself. */
export const kindWords: Readonly<Record<FindingKind, { words: string; canApply: boolean }>> = {
  paid_not_provisioned: { words: 'paid, but has nothing', canApply: true },
  provisioned_not_paid: { words: 'has a tier that nobody pays for', canApply: true },
  wrong_tier: { words: 'has another tier or access than Stripe says', canApply: true },
  grace_missing: { words: 'payment failed, and no grace was opened', canApply: true },
  credits_missing: { words: 'credits paid for and not granted', canApply: true },
  credits_excess: { words: 'credits kept though the money went back', canApply: true },
  stale_mirror: { words: 'Lucy’s copy of the subscription is old', canApply: true },
  duplicate_subscription: { words: 'several subscriptions that count at once', canApply: false },
  unmapped_price: { words: 'pays for a price that no plan maps', canApply: false },
  unlinked_customer: { words: 'pays at Stripe, and is nobody here', canApply: false },
  paid_after_cancel: { words: 'paid after the subscription had ended', canApply: false },
  mode_mix: { words: 'of the other mode, or of another account', canApply: false },
  abandoned_checkout: { words: 'began a checkout and did not finish it', canApply: false },
  unreadable: { words: 'could not be read, so nothing is known', canApply: false },
};

/** `paid_not_provisioned,wrong_tier` as it is kept with a run. */
export function parseKinds(kept: string | null): readonly FindingKind[] {
  return kept === null ? findingKinds : z.array(z.enum(findingKinds)).parse(JSON.parse(kept));
}

/** What two looks at one customer came to, in words of both sides. */
export type Found = {
  kind: FindingKind;
  /** The customer, subscription, payment or session that it is about. */
  subject: string;
  customerId: string | null;
  stripeCustomerId: string | null;
  stripe: string;
  lucy: string;
  /** A sentence: what would put it right. */
  action: string;
  /** Why Lucy does not put it right by herself: nothing, or a person must decide. */
  isAmbiguous: boolean;
  /** The checkout session that says what was bought, where no invoice does. */
  session?: string | null;
};

/** What a list said that a look at the customer alone would not show. */
export type Hint = {
  payments?: { id: string; sessionId: string | null }[];
  unlinked?: string;
};

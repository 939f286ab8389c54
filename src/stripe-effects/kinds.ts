import type { StripeEffectKind, StripeEffectRow } from '#db/stripe-effects.ts';
import { cancellation } from './cancellation.ts';
import { disputeClosing } from './dispute-closing.ts';
import type { EffectKind } from './effect-kind.ts';
import { evidenceSubmission } from './evidence-submission.ts';
import { refund } from './refund.ts';

/** Everything that Lucy does at Stripe. */
const kinds: Record<StripeEffectKind, EffectKind> = {
  refund,
  cancel_subscription: cancellation,
  close_dispute: disputeClosing,
  submit_evidence: evidenceSubmission,
};

export function kindOf(effect: StripeEffectRow): EffectKind {
  return kinds[effect.kind];
}

import type { StripeEffectRow } from '#db/stripe-effects.ts';
import type { Cause } from '#src/core/cause.ts';
import type { StripeRefundReason } from '#src/gateways/stripe.ts';

export type WantedRefund = {
  kind: 'refund';
  chargeId: string;
  paymentIntentId: string | null;
  /** In minor units of the currency. */
  amount: number;
  currency: string;
  stripeReason: StripeRefundReason;
  /** What had been refunded of the charge when it was approved, pending refunds included; in minor units. */
  refundedBefore: number;
};

export type WantedCancellation = {
  kind: 'cancel_subscription';
  subscriptionId: string;
  at: 'now' | 'period_end';
};

/** What an approved run wants done at Stripe. */
export type WantedEffect = WantedRefund | WantedCancellation;

export function targetOf(wanted: WantedEffect): string {
  return wanted.kind === 'refund' ? wanted.chargeId : wanted.subscriptionId;
}

export function readWanted(row: StripeEffectRow): WantedEffect {
  return JSON.parse(row.params);
}

/** Who asked, who approved, and why: kept with the effect, for it is theirs whenever it is carried out. */
export type KeptCause = Pick<Cause, 'actor' | 'reason' | 'ticket' | 'approval' | 'breakGlass'>;

export function readKeptCause(row: StripeEffectRow): KeptCause {
  return JSON.parse(row.cause);
}

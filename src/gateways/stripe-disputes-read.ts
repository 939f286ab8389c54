import type Stripe from 'stripe';
import { z } from 'zod';
import { moment, reference, text } from './stripe-fields.ts';

/** What Stripe says of disputes, and of what announces them. */
export type DisputeReads = {
  getDispute(disputeId: string): Promise<FetchedDispute | null>;
  /** Everything that the cardholder ever disputed about a charge, inquiries included, newest first. */
  listDisputes(chargeId: string): Promise<FetchedDispute[]>;
  getFraudWarning(warningId: string): Promise<FetchedFraudWarning | null>;
  listFraudWarnings(chargeId: string): Promise<FetchedFraudWarning[]>;
  getReview(reviewId: string): Promise<FetchedReview | null>;
};

export type FetchedDispute = {
  id: string;
  chargeId: string;
  paymentIntentId: string | null;
  /** In Stripe's words; an inquiry begins with `warning_`. */
  status: string;
  reason: string;
  currency: string;
  amount: number;
  createdAt: number;
  /** Null when no answer is allowed. */
  dueBy: number | null;
  isChargeRefundable: boolean;
  hasEvidence: boolean;
  submissionCount: number;
  /** `visa`; null for what is not paid by card. */
  network: string | null;
  /** `inquiry`, `chargeback`, `compliance`; `block` and `resolution` were settled before they became a chargeback. */
  caseType: string | null;
  networkReasonCode: string | null;
};

/** docs.stripe.com/api/radar/early_fraud_warnings/object */
export type FetchedFraudWarning = {
  id: string;
  chargeId: string;
  paymentIntentId: string | null;
  fraudType: string;
  /** Not disputed yet, and not fully refunded. */
  isActionable: boolean;
  createdAt: number;
};

/** docs.stripe.com/api/radar/reviews/object */
export type FetchedReview = {
  id: string;
  chargeId: string | null;
  paymentIntentId: string | null;
  isOpen: boolean;
  /** Why it was opened (`rule`, `manual`), or why it was closed. */
  reason: string;
};

export function disputeReads(
  stripe: Stripe,
  ask: <T>(call: () => Promise<T>) => Promise<T | null>,
): DisputeReads {
  return {
    async getDispute(id) {
      const raw = await ask(() => stripe.disputes.retrieve(id));
      return raw && readDispute(raw);
    },
    async listDisputes(charge) {
      const raw = await ask(() => stripe.disputes.list({ charge, limit: 100 }));
      return (raw?.data ?? []).map(readDispute);
    },
    async getFraudWarning(id) {
      const raw = await ask(() => stripe.radar.earlyFraudWarnings.retrieve(id));
      return raw && readFraudWarning(raw);
    },
    async listFraudWarnings(charge) {
      const raw = await ask(() => stripe.radar.earlyFraudWarnings.list({ charge, limit: 100 }));
      return (raw?.data ?? []).map(readFraudWarning);
    },
    async getReview(id) {
      const raw = await ask(() => stripe.reviews.retrieve(id));
      return raw && readReview(raw);
    },
  };
}

const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

const disputeSchema = z.object({
  id: z.string(),
  charge: reference,
  payment_intent: reference,
  status: z.string(),
  reason: text,
  currency: text,
  amount: z.number().nullish(),
  created: moment,
  evidence_details: z
    .object({ due_by: moment, has_evidence: flag, submission_count: z.number().nullish() })
    .nullish(),
  is_charge_refundable: flag,
  // Before 2023 it stood here.
  network_reason_code: text,
  payment_method_details: z
    .object({
      card: z.object({ network: text, brand: text, case_type: text, network_reason_code: text }).nullish(),
    })
    .nullish(),
});

/** docs.stripe.com/api/disputes/object */
export function readDispute(raw: unknown): FetchedDispute {
  const value = disputeSchema.parse(raw);
  const card = value.payment_method_details?.card ?? null;
  return {
    id: value.id,
    chargeId: value.charge ?? '',
    paymentIntentId: value.payment_intent,
    status: value.status,
    reason: value.reason ?? 'general',
    currency: value.currency ?? 'usd',
    amount: value.amount ?? 0,
    createdAt: value.created ?? 0,
    // Stripe writes 0 where no answer is allowed.
    dueBy: value.evidence_details?.due_by || null,
    isChargeRefundable: value.is_charge_refundable,
    hasEvidence: value.evidence_details?.has_evidence ?? false,
    submissionCount: value.evidence_details?.submission_count ?? 0,
    network: card?.network ?? card?.brand ?? null,
    caseType: card?.case_type ?? null,
    networkReasonCode: card?.network_reason_code ?? value.network_reason_code,
  };
}

const warningSchema = z.object({
  id: z.string(),
  charge: reference,
  payment_intent: reference,
  fraud_type: text,
  actionable: flag,
  created: moment,
});

function readFraudWarning(raw: unknown): FetchedFraudWarning {
  const value = warningSchema.parse(raw);
  return {
    id: value.id,
    chargeId: value.charge ?? '',
    paymentIntentId: value.payment_intent,
    fraudType: value.fraud_type ?? 'misc',
    isActionable: value.actionable,
    createdAt: value.created ?? 0,
  };
}

const reviewSchema = z.object({
  id: z.string(),
  charge: reference,
  payment_intent: reference,
  open: flag,
  reason: text,
});

function readReview(raw: unknown): FetchedReview {
  const value = reviewSchema.parse(raw);
  return {
    id: value.id,
    chargeId: value.charge,
    paymentIntentId: value.payment_intent,
    isOpen: value.open,
    reason: value.reason ?? 'rule',
  };
}

import type { BalanceTransaction } from './balance-transaction.ts';
import type { Metadata } from './metadata.ts';

export type DisputeStatus =
  | 'lost'
  | 'needs_response'
  | 'prevented'
  | 'under_review'
  | 'warning_closed'
  | 'warning_needs_response'
  | 'warning_under_review'
  | 'won';

/** Everything one may send as evidence; the same names are the parameters of POST /v1/disputes/:id. */
export const evidenceFields = [
  'access_activity_log',
  'billing_address',
  'cancellation_policy',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_communication',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'customer_signature',
  'duplicate_charge_documentation',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'receipt',
  'refund_policy',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'service_documentation',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_documentation',
  'shipping_tracking_number',
  'uncategorized_file',
  'uncategorized_text',
] as const;

export type EvidenceField = (typeof evidenceFields)[number];

/** https://docs.stripe.com/api/disputes/object */
export type Dispute = {
  id: string;
  object: 'dispute';
  amount: number;
  balance_transactions: BalanceTransaction[];
  charge: string;
  created: number;
  currency: string;
  enhanced_eligibility_types: string[];
  evidence: Record<EvidenceField, string | null> & { enhanced_evidence: Record<string, never> };
  evidence_details: {
    due_by: number | null;
    enhanced_eligibility: Record<string, never>;
    has_evidence: boolean;
    past_due: boolean;
    submission_count: number;
    submission_method: 'manual' | 'not_submitted';
  };
  intended_submission_method: string | null;
  is_charge_refundable: boolean;
  livemode: boolean;
  metadata: Metadata;
  payment_intent: string | null;
  payment_method_details: {
    card: {
      brand: string;
      case_type: 'chargeback' | 'inquiry';
      network: string;
      network_reason_code: string;
    };
    type: 'card';
  };
  reason: string;
  status: DisputeStatus;
};

export function buildDispute(
  known: Pick<
    Dispute,
    'id' | 'amount' | 'charge' | 'created' | 'currency' | 'livemode' | 'payment_intent' | 'reason'
  > & {
    inquiry: boolean;
    dueBy: number;
    customerEmail: string | null;
    customerName: string | null;
  },
): Dispute {
  const { inquiry, dueBy, customerEmail, customerName, ...given } = known;
  const evidence: Dispute['evidence'] = {
    ...emptyEvidence(),
    customer_email_address: customerEmail,
    customer_name: customerName,
    enhanced_evidence: {},
  };
  return {
    ...given,
    object: 'dispute',
    balance_transactions: [],
    enhanced_eligibility_types: [],
    evidence,
    evidence_details: {
      due_by: dueBy,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: inquiry,
    metadata: {},
    payment_method_details: {
      card: {
        brand: 'visa',
        case_type: inquiry ? 'inquiry' : 'chargeback',
        network: 'visa',
        network_reason_code: '10.4',
      },
      type: 'card',
    },
    status: inquiry ? 'warning_needs_response' : 'needs_response',
  };
}

function emptyEvidence(): Record<EvidenceField, string | null> {
  const empty: Partial<Record<EvidenceField, string | null>> = {};
  for (const field of evidenceFields) empty[field] = null;
  return empty as Record<EvidenceField, string | null>;
}

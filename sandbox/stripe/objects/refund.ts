import type { Metadata } from './metadata.ts';

export type RefundReason = 'duplicate' | 'fraudulent' | 'requested_by_customer';
export type RefundStatus = 'canceled' | 'failed' | 'pending' | 'requires_action' | 'succeeded';

/** https://docs.stripe.com/api/refunds/object */
export type Refund = {
  id: string;
  object: 'refund';
  amount: number;
  balance_transaction: string | null;
  charge: string;
  created: number;
  currency: string;
  customer: string | null;
  customer_account: null;
  destination_details: {
    card: { reference?: string; reference_status: string; reference_type: string; type: string };
    type: 'card';
  };
  /** Only after a failure. */
  failure_balance_transaction?: string;
  failure_reason?: string;
  metadata: Metadata;
  payment_intent: string | null;
  payment_method: string | null;
  pending_reason?: string;
  reason: RefundReason | null;
  receipt_number: null;
  source_transfer_reversal: null;
  status: RefundStatus;
  transfer_reversal: null;
};

export function buildRefund(
  known: Pick<
    Refund,
    | 'id'
    | 'amount'
    | 'balance_transaction'
    | 'charge'
    | 'created'
    | 'currency'
    | 'customer'
    | 'metadata'
    | 'payment_intent'
    | 'payment_method'
    | 'reason'
    | 'status'
  >,
): Refund {
  return {
    ...known,
    object: 'refund',
    customer_account: null,
    destination_details: {
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      type: 'card',
    },
    receipt_number: null,
    source_transfer_reversal: null,
    transfer_reversal: null,
    ...(known.status === 'pending' ? { pending_reason: 'processing' } : {}),
  };
}

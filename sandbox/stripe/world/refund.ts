import type { Charge } from '../objects/charge.ts';
import type { Metadata } from '../objects/metadata.ts';
import { buildRefund, type Refund, type RefundReason } from '../objects/refund.ts';
import type { Core } from './core.ts';
import { settleWarnings } from './fraud-warning.ts';
import { requireRow } from './require.ts';

export type NewRefund = {
  reason?: RefundReason | null;
  metadata?: Metadata;
  /** A refund that the bank has not confirmed yet; `settleRefund` or `failRefund` decides it. */
  pending?: boolean;
  /** The bank sends the money back some time after the refund looked successful. */
  fail?: boolean;
};

/** Refunds a charge, whole or in part. What Stripe refuses is refused in routes/refunds.ts. */
export function refund(
  core: Core,
  chargeId: string,
  amount: number | null = null,
  options: NewRefund = {},
): Refund {
  const charge = requireRow(core.tables.charges, 'charge', chargeId);
  const made = buildRefund({
    id: core.newId('refund'),
    amount: amount ?? charge.amount - charge.amount_refunded,
    balance_transaction: core.newId('balanceTransaction'),
    charge: charge.id,
    created: core.now(),
    currency: charge.currency,
    customer: charge.customer,
    metadata: options.metadata ?? {},
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: options.reason ?? null,
    status: options.pending ? 'pending' : 'succeeded',
  });
  core.tables.refunds.add(made);
  core.emit('refund.created', made);
  addToRefunded(core, charge, made.amount);
  if (options.fail) failRefund(core, made.id);
  return made;
}

/** The bank confirms: a pending refund succeeds, and the reference for the cardholder is known. */
export function settleRefund(core: Core, refundId: string): Refund {
  const made = requireRow(core.tables.refunds, 'refund', refundId);
  tellUpdate(core, made, () => {
    made.status = 'succeeded';
    delete made.pending_reason;
    made.destination_details.card.reference = '123456789012345';
    made.destination_details.card.reference_status = 'available';
  });
  return made;
}

/** A refund that fails gives the money back to the balance: https://docs.stripe.com/refunds#failed-refunds */
export function failRefund(core: Core, refundId: string, reason = 'expired_or_canceled_card'): Refund {
  const made = requireRow(core.tables.refunds, 'refund', refundId);
  tellUpdate(core, made, () => {
    made.status = 'failed';
    delete made.pending_reason;
    made.failure_reason = reason;
    made.failure_balance_transaction = core.newId('balanceTransaction');
  });
  core.emit('refund.failed', made);
  const charge = requireRow(core.tables.charges, 'charge', made.charge);
  charge.amount_refunded -= made.amount;
  charge.refunded = false;
  return made;
}

/** Stripe tells a refund's change under its new name and under the older one. */
function tellUpdate(core: Core, made: Refund, edit: () => void): void {
  core.change('refund.updated', made, edit);
  core.emit('charge.refund.updated', made);
}

function addToRefunded(core: Core, charge: Charge, amount: number): void {
  core.change('charge.refunded', charge, () => {
    charge.amount_refunded += amount;
    charge.refunded = charge.amount_refunded === charge.amount;
  });
  if (!charge.refunded) return;
  settleWarnings(core, charge.id);
  core.onRefunded(charge.id);
}

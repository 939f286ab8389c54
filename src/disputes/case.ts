import type { Sql } from '#db/connection.ts';
import { listLotsOfPayment } from '#db/credit-lots.ts';
import { findOpenLock } from '#db/customer-locks.ts';
import { type CustomerUse, readCustomerUse } from '#db/customer-use.ts';
import { type CustomerRow, findCustomerById } from '#db/customers.ts';
import type { DisputeRow } from '#db/disputes.ts';
import { type EntitlementRow, findEntitlement } from '#db/entitlements.ts';
import { type EvidenceBundleRow, findBundleOfDispute } from '#db/evidence-bundles.ts';
import { findOrderOfDispute } from '#db/evidence-orders.ts';
import { findPayment, type PaymentRow } from '#db/payments.ts';
import { DAY_MS } from '#src/core/clock.ts';
import { readSideBySide, type SideMoment } from './side-by-side.ts';

/** A dispute with everything that whoever decides about it should see. */
export type Case = {
  dispute: DisputeRow;
  /** Null while the Stripe customer is linked to nobody. */
  customer: CustomerRow | null;
  entitlement: EntitlementRow | null;
  isLocked: boolean;
  /** Null when it never came to us. */
  payment: PaymentRow | null;
  credits: { granted: number; left: number; frozen: number };
  /** Since the payment. */
  use: CustomerUse | null;
  /** What was preserved of it last. */
  bundle: EvidenceBundleRow | null;
  /** More of it is being preserved. */
  isPreserving: boolean;
  moments: SideMoment[];
};

/** What came before the payment shows who the customer was. */
const BEFORE_MS = 30 * DAY_MS;

export async function readCase(sql: Sql, dispute: DisputeRow, now: number): Promise<Case> {
  const { customer_id: customerId, payment_id: paymentId } = dispute;
  const payment = (paymentId && (await findPayment(sql, paymentId))) || null;
  const lots = payment ? await listLotsOfPayment(sql, payment.id) : [];
  const paidAt = payment?.paid_at ?? dispute.opened_at;
  const sum = (some: typeof lots) => some.reduce((all, lot) => all + lot.remaining, 0);
  return {
    dispute,
    customer: (customerId && (await findCustomerById(sql, customerId))) || null,
    entitlement: (customerId && (await findEntitlement(sql, customerId))) || null,
    isLocked: customerId !== null && (await findOpenLock(sql, customerId)) !== undefined,
    payment,
    credits: {
      granted: lots.reduce((all, lot) => all + lot.granted, 0),
      left: sum(lots),
      frozen: sum(lots.filter((lot) => lot.frozen_at !== null)),
    },
    use: customerId ? await readCustomerUse(sql, customerId, { from: paidAt, to: now }) : null,
    bundle: (await findBundleOfDispute(sql, dispute.id)) ?? null,
    isPreserving: (await findOrderOfDispute(sql, dispute.id))?.done_at === null,
    moments: await readSideBySide(sql, dispute, payment, { from: paidAt - BEFORE_MS, to: now, limit: 100 }),
  };
}

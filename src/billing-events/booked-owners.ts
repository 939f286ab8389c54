import type { Sql } from '#db/connection.ts';
import { findCustomerById } from '#db/customers.ts';
import { findDispute } from '#db/disputes.ts';
import type { EntitlementChangeRow } from '#db/entitlements.ts';
import { findPaymentByAnyId } from '#db/payments.ts';
import { recordAudit } from '#src/audit/record.ts';
import type { Cause } from '#src/core/cause.ts';
import type { FetchedCases } from '#src/disputes/fetch.ts';
import { announceChange } from '#src/entitlements/announce.ts';
import { recomputeEntitlement } from '#src/entitlements/recompute.ts';
import type { PaymentTruth } from '#src/payments/payment-truth.ts';
import type { BillingDeps } from './deps.ts';

type Touched = { payments: readonly { truth: PaymentTruth }[]; cases: FetchedCases };

/**
 * For whom the payments and disputes of a pass are booked. That is not always who the Stripe customer is linked to:
 * old money stays with whom it was booked for. In the order in which they are to be held.
 */
export async function listBookedOwners(sql: Sql, { payments, cases }: Touched): Promise<string[]> {
  const owners = new Set<string>();
  const add = (id: string | null | undefined) => id && owners.add(id);
  for (const { truth } of payments)
    for (const id of [truth.id, truth.paymentIntentId])
      if (id) add((await findPaymentByAnyId(sql, id))?.customer_id);
  for (const dispute of cases.disputes) {
    add((await findDispute(sql, dispute.id))?.customer_id);
    add((await findPaymentByAnyId(sql, dispute.paymentIntentId ?? dispute.chargeId))?.customer_id);
    if (dispute.paymentId) add((await findPaymentByAnyId(sql, dispute.paymentId))?.customer_id);
  }
  return [...owners].sort();
}

/** Tier and access of those to whom the Stripe customer is not linked any more, though their money moved. */
export async function recomputeBookedOwners(
  sql: Sql,
  deps: Pick<BillingDeps, 'settings' | 'mode'>,
  cause: Cause,
  ownerIds: readonly string[],
): Promise<EntitlementChangeRow[]> {
  const changes: EntitlementChangeRow[] = [];
  for (const id of ownerIds) {
    const { change, before, entitlement } = await recomputeEntitlement(
      sql,
      { settings: deps.settings, mode: deps.mode, cause },
      id,
      {
        kind: 'event',
        ref: cause.correlationId,
        reason: 'A dispute of a payment that is booked for them moved.',
      },
    );
    const customer = change && (await findCustomerById(sql, id));
    if (!change || !customer) continue;
    changes.push(change);
    await announceChange(sql, cause, customer.email, change, { changes: [], facts: [] });
    await recordAudit(sql, cause, {
      command: 'stripe sync',
      outcome: 'done',
      customerId: id,
      input: {},
      before: { tier: before.tier, access: before.access },
      after: { tier: entitlement.tier, access: entitlement.access },
    });
  }
  return changes;
}

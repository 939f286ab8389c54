import { listLinks } from '#db/customer-links.ts';
import type { CustomerRow } from '#db/customers.ts';
import type { EntitlementRow } from '#db/entitlements.ts';
import { type GracePeriodRow, listGraces } from '#db/grace-periods.ts';
import { listSubscriptionsOf, type SubscriptionRow } from '#db/subscriptions.ts';
import { inTransaction } from '#db/transaction.ts';
import { scheduleCause } from '#src/audit/schedule-cause.ts';
import { freezeDisputed } from '#src/billing-events/apply-disputes.ts';
import { applyPayments, type PaymentNews } from '#src/billing-events/apply-payments.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import type { FetchedCustomer } from '#src/billing-events/fetch-customer.ts';
import { mirrorSubscriptions } from '#src/billing-events/mirror-subscriptions.ts';
import { recordCases } from '#src/disputes/record.ts';
import type { Entitlement } from '#src/entitlements/derive.ts';
import { openEntitlement, recomputeEntitlement } from '#src/entitlements/recompute.ts';
import { trackGrace } from '#src/grace/track.ts';

/** What a pass over this customer would change, had it been done: everything before and after, nothing kept. */
export type Rehearsal = {
  /** When it was done; milliseconds. */
  at: number;
  before: EntitlementRow;
  entitlement: Entitlement;
  mirrorBefore: SubscriptionRow[];
  mirrorAfter: SubscriptionRow[];
  newGraces: GracePeriodRow[];
  news: PaymentNews[];
};

export type Whole = { stripeCustomerId: string; fetched: FetchedCustomer };

/** Ends the transaction of a rehearsal, so that nothing of it stays. */
class Rehearsed extends Error {
  readonly result: Rehearsal;

  constructor(result: Rehearsal) {
    super('A rehearsal is never kept');
    this.result = result;
  }
}

/**
 * Does to the database what the webhook worker would do with what Stripe says now, looks at what changed, and takes all
 * of it back. So the comparison is the same code as the repair: it can neither find what the repair would leave, nor miss
 * what it would change.
 */
export async function rehearse(
  deps: BillingDeps,
  owner: CustomerRow,
  wholes: readonly Whole[],
): Promise<Rehearsal> {
  try {
    return await inTransaction(deps.database, async (sql) => {
      const { settings, mode } = deps;
      const cause = scheduleCause(deps.clock.now(), 'A comparison with Stripe');
      const before = await openEntitlement(sql, settings, owner.id, cause.now);
      const customers = (await listLinks(sql, owner.id)).map((link) => link.stripe_customer_id);
      const mirrorBefore = await listSubscriptionsOf(sql, customers, mode);
      const known = new Set((await listGraces(sql, owner.id)).map((grace) => grace.id));
      const news: PaymentNews[] = [];
      for (const { stripeCustomerId, fetched } of wholes) {
        await mirrorSubscriptions(sql, mode, stripeCustomerId, fetched.subscriptions, cause.now);
        // What the bank keeps decides how many credits a payment keeps, here as in a pass.
        await recordCases(sql, { mode, stripeCustomerId, customerId: owner.id }, fetched.cases, cause.now);
        news.push(...(await applyPayments(sql, deps, cause, owner, fetched, new Map())));
        news.push(...(await freezeDisputed(sql, cause, fetched)));
        await trackGrace(
          sql,
          cause,
          settings,
          { customerId: owner.id, stripeCustomerId },
          fetched.subscriptions,
        );
      }
      const { entitlement } = await recomputeEntitlement(sql, { settings, mode, cause }, owner.id, {
        kind: 'timer',
        ref: owner.id,
        reason: 'A comparison with Stripe',
      });
      throw new Rehearsed({
        at: cause.now,
        before,
        entitlement,
        mirrorBefore,
        mirrorAfter: await listSubscriptionsOf(sql, customers, mode),
        newGraces: (await listGraces(sql, owner.id)).filter((grace) => !known.has(grace.id)),
        news,
      });
    });
  } catch (error) {
    if (error instanceof Rehearsed) return error.result;
    throw error;
  }
}

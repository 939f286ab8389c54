import type { Sql } from '#db/connection.ts';
import type { CustomerRow } from '#db/customers.ts';
import type { StripeEventRow } from '#db/stripe-events.ts';
import type { Cause } from '#src/core/cause.ts';
import { raiseFinding, settleFinding } from '#src/findings/open.ts';
import type { PaymentTruth } from '#src/payments/payment-truth.ts';

/**
 * An invoice that Stripe could not finalise, because a tax location or an address is missing, is never collected: nobody
 * owes anything, and nobody is told but us (docs.stripe.com/invoicing/invoice-edits-and-finalization).
 */
export async function tellUnfinalized(
  sql: Sql,
  cause: Cause,
  owner: CustomerRow,
  events: readonly StripeEventRow[],
  payments: readonly PaymentTruth[],
): Promise<void> {
  const told = new Set(
    events.filter(({ type }) => type === 'invoice.finalization_failed').map(({ object_id: id }) => id),
  );
  for (const { id, status } of payments) {
    // A draft is neither open nor paid nor void.
    if (status !== 'other') {
      await settleFinding(sql, 'invoice_not_finalized', id, cause.now);
      continue;
    }
    if (!told.has(id)) continue;
    await raiseFinding(sql, cause, {
      kind: 'invoice_not_finalized',
      subject: id,
      customerId: owner.id,
      summary: `Stripe cannot finalise invoice ${id} of ${owner.email}, so it is not collected.`,
      hint: 'Look at the invoice in Stripe’s dashboard: most often the customer’s address is missing, which tax needs. Stripe goes on when it is there.',
      evidence: { invoice: id, status },
      tell: 'billing',
      buttons: [{ kind: 'command', label: 'Show payment', line: `payment show ${id}` }],
    });
  }
}

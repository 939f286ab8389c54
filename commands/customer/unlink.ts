import { z } from 'zod';
import type { Sql } from '#db/connection.ts';
import { findLink } from '#db/customer-links.ts';
import { listOpenDisputesAtStripe } from '#db/disputes.ts';
import { fieldError } from '#src/core/errors.ts';
import { formatMoney } from '#src/core/money.ts';
import { findCustomer } from '#src/customers/find.ts';
import { unlinkStripeCustomer } from '#src/customers/link.ts';
import { changeLog } from '#src/entitlements/announce.ts';
import { previewEntitlement, staffReason } from '#src/entitlements/preview.ts';
import { recomputeEntitlement } from '#src/entitlements/recompute.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, customerField, stripeCustomerField } from '#src/runner/fields.ts';

/** Takes a wrong link away. The tier is recomputed at once; what was bought in the meantime stays. */
export const customerUnlink = defineCommand({
  name: 'customer unlink',
  summary: 'Take a wrong link to a Stripe customer away',
  examples: ['customer unlink sofia@firm.com cus_Nff2x --reason "belongs to her firm" --ticket ZD-790'],
  allowed: ['support', 'billing'],
  effect: 'reversible',
  input: z.object({ email: customerField, stripe: stripeCustomerField, ...changeInputs }),
  positionals: ['email', 'stripe'],

  async plan({ email, stripe }, { sql, settings, mode, cause }) {
    const customer = await findCustomer(sql, email);
    const link = await findLink(sql, stripe);
    if (link?.customer_id !== customer.id) {
      throw fieldError(
        'stripe',
        `${stripe} is not linked to ${customer.email}.`,
        `Look at what is: customer show ${customer.email}`,
      );
    }
    const tier = await previewEntitlement(sql, { settings, mode, now: cause.now }, customer.id, {
      withoutStripeCustomer: stripe,
    });
    return {
      title: `Unlink ${stripe} from ${customer.email}`,
      customerId: customer.id,
      changes: [{ label: 'Stripe customer', before: stripe, after: 'not linked' }, ...tier.changes],
      facts: [{ label: 'Credits', value: 'Stay as they are' }],
      warnings: [...tier.warnings, ...(await disputeWarnings(sql, customer, stripe))],
      confirmLabel: 'Unlink',
      isDanger: tier.changes.length > 0,
      basis: [customer.id, stripe, tier.before, tier.after],
      data: { customer, stripe },
    };
  },

  async execute({ data: { customer, stripe }, changes }, { sql, settings, mode, cause }) {
    await unlinkStripeCustomer(sql, stripe);
    const { before, entitlement, change } = await recomputeEntitlement(
      sql,
      { settings, mode, cause },
      customer.id,
      { kind: 'staff', ref: cause.runId ?? '', reason: staffReason(`${stripe} was unlinked`, cause) },
    );
    return {
      title: `${stripe} unlinked from ${customer.email}`,
      customerId: customer.id,
      changes,
      before: { stripeCustomer: stripe, tier: before.tier },
      after: { stripeCustomer: null, tier: entitlement.tier },
      undo: {
        line: `customer link ${customer.email} ${stripe}`,
        sentence: 'Undo links it again; the tier follows in a few seconds.',
      },
      logs: change ? [changeLog(change, 'customer_unlinked')] : [],
      json: { customer: customer.email, stripeCustomer: stripe, tier: entitlement.tier },
    };
  },
});

/** Money that was paid stays booked for whom it was booked, and so does what a bank decides about it. */
async function disputeWarnings(
  sql: Sql,
  customer: { id: string; email: string },
  stripe: string,
): Promise<string[]> {
  const open = await listOpenDisputesAtStripe(sql, stripe);
  return open
    .filter((dispute) => dispute.customer_id === customer.id)
    .map(
      ({ id, amount, currency }) =>
        `A bank still decides about ${formatMoney(amount, currency)} that ${stripe} paid (${id}). That payment stays with ${customer.email}: its credits, and their access, go on following the dispute. See: dispute show ${id}`,
    );
}

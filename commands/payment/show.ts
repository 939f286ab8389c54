import { z } from 'zod';
import type { Sql } from '#db/connection.ts';
import { type GracePeriodRow, listGraces } from '#db/grace-periods.ts';
import { listMailsOfGrace } from '#db/mails.ts';
import { withOpenDisputes } from '#src/disputes/mention.ts';
import { describePayment } from '#src/payments/describe.ts';
import { type FoundPayment, findPayment } from '#src/payments/find-latest.ts';
import { askStripe } from '#src/payments/require-stripe.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { customerField } from '#src/runner/fields.ts';

/** Playbook, failed payments 1: the latest invoice and payment intent, in words. */
export const paymentShow = defineLookup({
  name: 'payment show',
  summary: 'How a customer’s latest payment stands, and why it failed',
  examples: ['payment show sofia@firm.com', 'payment show in_1MtHbELkdIwHu7ixl4OzzPMv'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({ email: customerField }),
  positionals: ['email'],

  async answer({ email }, { sql, stripe, cause }) {
    const found = await askStripe(stripe, (gateway) => findPayment(sql, gateway, email));
    const grace = await graceOf(sql, found);
    const mails = grace ? await listMailsOfGrace(sql, grace.id) : [];
    const described = describePayment(found, grace, mails, cause.now);
    const ids = [found.invoice?.id, found.attempt?.id];
    const reply = await withOpenDisputes(sql, described, found.customer?.id, (dispute) =>
      [dispute.payment_id, dispute.payment_intent_id].some((id) => id !== null && ids.includes(id)),
    );
    return { ...reply, correlationId: cause.correlationId };
  },
});

/** The grace that this invoice began, or in which its subscription still is. */
async function graceOf(sql: Sql, { customer, invoice }: FoundPayment): Promise<GracePeriodRow | null> {
  if (!customer || !invoice) return null;
  const graces = await listGraces(sql, customer.id);
  const isRunning = (grace: GracePeriodRow) =>
    grace.subscription_id === invoice.subscriptionId && grace.state !== 'recovered';
  return graces.find((grace) => grace.invoice_id === invoice.id) ?? graces.find(isRunning) ?? null;
}

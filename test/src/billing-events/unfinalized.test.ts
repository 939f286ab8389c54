import { expect, test } from 'vitest';
import { billingWorld, sofia } from '#test/world/billing-world.ts';
import { events } from '#test/world/stripe-truth.ts';

test('an invoice that Stripe cannot finalise is told to billing once, and settled when it goes on', async () => {
  const { truth, database, receive, drain, messages } = await billingWorld();
  const subscription = truth.subscribe(sofia.stripe, 'price_B');
  const invoice = truth.payInvoice(subscription.id, { status: 'draft', amountPaid: 0, paidAt: null });

  await receive(events.invoice('finalization_failed', invoice, 'evt_1'));
  await receive(events.invoice('finalization_failed', invoice, 'evt_2'));
  await drain();

  const findings = () => database.knex('findings').where({ kind: 'invoice_not_finalized' });
  expect(await findings()).toMatchObject([{ subject: invoice.id, state: 'open' }]);
  const told = (await messages('billing')).filter((text) => text.includes('cannot finalise'));
  expect(told).toHaveLength(1);

  truth.invoices.set(invoice.id, { ...invoice, status: 'open' });
  await receive(events.invoice('payment_failed', invoice, 'evt_3'));
  await drain();
  expect(await findings()).toMatchObject([{ state: 'closed' }]);
});

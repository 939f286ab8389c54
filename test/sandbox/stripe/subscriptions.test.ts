import { expect, test } from 'vitest';
import { start, startStripe } from './start.ts';

test('a new subscription is active, invoiced and paid', async () => {
  const { stripe, world, sdk } = await startStripe();
  const customer = world.createCustomer({ email: 'sofia@firm.com', name: 'Sofia' });
  const { id } = world.subscribe(customer.id, 'pro_monthly', { metadata: { workspace: 'firm' } });

  const subscription = await sdk.subscriptions.retrieve(id, { expand: ['latest_invoice.payments'] });
  expect(subscription.status).toBe('active');
  expect(subscription.items.data[0]).toMatchObject({
    current_period_start: start,
    current_period_end: 1_797_845_400,
    price: { lookup_key: 'pro_monthly', product: 'prod_pro' },
  });
  expect(subscription).not.toHaveProperty('current_period_end');
  const invoice = subscription.latest_invoice;
  if (!invoice || typeof invoice === 'string') throw new Error('The invoice should be expanded.');
  expect(invoice).toMatchObject({
    amount_paid: 4_900,
    billing_reason: 'subscription_create',
    parent: { subscription_details: { metadata: { workspace: 'firm' }, subscription: id } },
    status: 'paid',
  });
  expect(invoice.payments?.data[0]?.payment.payment_intent).toMatch(/^pi_3/);
  expect(stripe.events.map((event) => event.type)).toMatchInlineSnapshot(`
    [
      "customer.created",
      "payment_method.attached",
      "customer.updated",
      "invoice.created",
      "customer.subscription.created",
      "invoice.finalized",
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.succeeded",
      "invoice_payment.paid",
      "invoice.updated",
      "invoice.paid",
      "invoice.payment_succeeded",
    ]
  `);
});

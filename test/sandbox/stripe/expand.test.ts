import { expect, test } from 'vitest';
import { failureOf, startStripe } from './start.ts';

async function subscribed() {
  const started = await startStripe();
  const customer = started.world.createCustomer({ email: 'sofia@firm.com' });
  const subscription = started.world.subscribe(customer.id, 'pro_monthly');
  return { ...started, customer, subscription };
}

test('ids become objects, in lists and through hashes', async () => {
  const { sdk, customer, subscription } = await subscribed();
  const { data } = await sdk.subscriptions.list({
    customer: customer.id,
    expand: ['data.latest_invoice.payments', 'data.customer', 'data.schedule'],
  });
  expect(data[0]).toMatchObject({
    customer: { email: 'sofia@firm.com' },
    latest_invoice: { payments: { data: [{ payment: { type: 'payment_intent' } }] } },
    schedule: null,
  });
  const products = await sdk.subscriptions.retrieve(subscription.id, {
    expand: ['items.data.price.product'],
  });
  expect(products.items.data[0]?.price.product).toMatchObject({ id: 'prod_pro', object: 'product' });
  const invoice = await sdk.invoices.retrieve(subscription.latest_invoice ?? '', {
    expand: ['parent.subscription_details.subscription'],
  });
  expect(invoice.parent?.subscription_details?.subscription).toMatchObject({ id: subscription.id });
});

test('what is absent by default comes only when asked for', async () => {
  const { sdk, world, customer, subscription } = await subscribed();
  const invoice = await sdk.invoices.retrieve(subscription.latest_invoice ?? '');
  expect(invoice).not.toHaveProperty('payments');
  const charge = world.lastPaidChargeOf(customer.id);
  world.refund(charge?.id ?? '', 100);
  expect(await sdk.charges.retrieve(charge?.id ?? '')).not.toHaveProperty('refunds');
  const expanded = await sdk.charges.retrieve(charge?.id ?? '', { expand: ['refunds'] });
  expect(expanded.refunds?.data[0]).toMatchObject({ amount: 100, object: 'refund' });
});

test.for([
  ['data.latest_invoice.payments.data.payment', 'You cannot expand more than 4 levels of a property.'],
  [
    'latest_invoice',
    "This property cannot be expanded (latest_invoice). You may want to try expanding 'data.latest_invoice' instead.",
  ],
  ['data.metadata', 'This property cannot be expanded (metadata).'],
  ['data.latest_invoice.payment_intent', 'This property cannot be expanded (payment_intent).'],
  ['data.current_period_end', 'This property cannot be expanded (current_period_end).'],
])('refuses to expand %s', async ([path = '', message]) => {
  const { sdk, customer } = await subscribed();
  const failure = await failureOf(sdk.subscriptions.list({ customer: customer.id, expand: [path] }));
  expect(failure.statusCode).toBe(400);
  expect(failure.message).toContain(message);
});

test('the invoice of a payment intent is found through invoice payments', async () => {
  const { sdk, world, subscription } = await subscribed();
  const invoice = world.invoice(subscription.latest_invoice ?? '');
  const intent = world.paymentIntentOf(invoice)?.id ?? '';
  const { data } = await sdk.invoicePayments.list({
    payment: { type: 'payment_intent', payment_intent: intent },
    expand: ['data.payment.payment_intent'],
  });
  expect(data[0]).toMatchObject({
    invoice: invoice.id,
    payment: { payment_intent: { id: intent } },
    status: 'paid',
  });
  const byInvoice = await sdk.invoicePayments.list({ invoice: invoice.id });
  expect(byInvoice.data.map(({ id }) => id)).toEqual([data[0]?.id]);
});

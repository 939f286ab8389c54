import { expect, test } from 'vitest';
import { failureOf, startStripe } from './start.ts';

test('a pack is paid once, without an invoice', async () => {
  const { sdk, stripe, world } = await startStripe();
  const { id } = world.checkout({
    price: 'credits_pack_100',
    quantity: 2,
    email: 'new@firm.com',
    clientReferenceId: 'user-42',
  });
  const session = await sdk.checkout.sessions.retrieve(id, { expand: ['line_items', 'payment_intent'] });
  expect(session).toMatchObject({
    amount_total: 2_000,
    client_reference_id: 'user-42',
    customer_details: { email: 'new@firm.com' },
    invoice: null,
    mode: 'payment',
    payment_intent: { amount_received: 2_000, status: 'succeeded' },
    payment_status: 'paid',
    status: 'complete',
    subscription: null,
  });
  expect(session.line_items?.data[0]).toMatchObject({
    price: { lookup_key: 'credits_pack_100' },
    quantity: 2,
  });
  expect((await sdk.checkout.sessions.listLineItems(id)).data).toHaveLength(1);
  expect(stripe.events.map(({ type }) => type)).toMatchInlineSnapshot(`
    [
      "customer.created",
      "payment_method.attached",
      "customer.updated",
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.succeeded",
      "checkout.session.completed",
    ]
  `);
});

test('a subscription is incomplete while its first payment is made', async () => {
  const { stripe, world } = await startStripe();
  const customer = world.createCustomer({ email: 'sofia@firm.com' });
  const session = world.checkout({
    price: 'pro_monthly',
    customer: customer.id,
    metadata: { lucy_customer: 'c1' },
  });
  const subscription = world.subscription(session.subscription ?? '');
  expect(session).toMatchObject({
    invoice: subscription.latest_invoice,
    mode: 'subscription',
    payment_status: 'paid',
  });
  expect(subscription).toMatchObject({ metadata: { lucy_customer: 'c1' }, status: 'active' });
  expect(stripe.lastEvent('customer.subscription.created').data.object.status).toBe('incomplete');
  expect(stripe.lastEvent('customer.subscription.updated').data.previous_attributes).toEqual({
    status: 'incomplete',
  });
});

test('a bank debit decides later; an abandoned session expires', async () => {
  const { sdk, stripe, world } = await startStripe();
  const late = world.checkout({ price: 'credits_pack_100', email: 'a@b.example', payment: 'async' });
  expect(late).toMatchObject({ payment_status: 'unpaid', status: 'complete' });
  world.finishAsyncCheckout(late.id, true);
  expect((await sdk.checkout.sessions.retrieve(late.id)).payment_status).toBe('paid');
  expect(stripe.lastEvent().type).toBe('checkout.session.async_payment_succeeded');
  const abandoned = world.checkout({ price: 'credits_pack_100', payment: 'none' });
  expect(abandoned).toMatchObject({ customer: null, status: 'open' });
  world.expireCheckout(abandoned.id);
  expect((await sdk.checkout.sessions.retrieve(abandoned.id)).status).toBe('expired');
});

test('the portal needs saved settings, and says so as Stripe does', async () => {
  const { sdk, stripe, world } = await startStripe();
  const { id } = world.createCustomer({});
  expect((await sdk.billingPortal.configurations.list({ is_default: true, active: true })).data).toEqual([]);
  const failure = await failureOf(sdk.billingPortal.sessions.create({ customer: id }));
  expect(failure.message).toContain('test mode default configuration has not been created');
  world.savePortalSettings();
  const session = await sdk.billingPortal.sessions.create({
    customer: id,
    return_url: 'https://app.example',
  });
  expect(session.url).toMatch(/^https:\/\/billing\.stripe\.com\/p\/session\/test_/);
  expect(stripe.lastEvent().type).toBe('billing_portal.session.created');
});

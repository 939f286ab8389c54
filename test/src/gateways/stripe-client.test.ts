import { expect, onTestFinished, test } from 'vitest';
import { startLocalStripe } from '#sandbox/stripe/local-stripe.ts';
import { createStripeGateway } from '#src/gateways/stripe-client.ts';
import { StripeAway, StripeRefused } from '#src/gateways/stripe-errors.ts';
import { readInvoice } from '#src/gateways/stripe-read-invoice.ts';
import { readSubscription } from '#src/gateways/stripe-read-subscription.ts';

/** Lucy's door to Stripe with the real SDK, against a server that answers and refuses as Stripe does. */
async function withStripe() {
  const stripe = await startLocalStripe({
    secretKey: 'sk_test_x',
    webhookSecret: 'whsec_x',
    webhookUrl: () => 'http://127.0.0.1:9',
    autoDeliver: false,
  });
  onTestFinished(() => stripe.close());
  const gateway = createStripeGateway({ secretKey: 'sk_test_x', apiBase: stripe.url });
  const customer = stripe.world.createCustomer({ email: 'sofia@firm.com', name: 'Sofia' });
  return { stripe, gateway, customer };
}

test('subscriptions come with their periods, prices and latest invoice; ended ones too', async () => {
  const { stripe, gateway, customer } = await withStripe();
  const old = stripe.world.subscribe(customer.id, 'starter_monthly');
  stripe.world.cancelNow(old.id);
  const now = stripe.world.subscribe(customer.id, 'pro_monthly');

  const listed = await gateway.listSubscriptions(customer.id);

  expect(listed).toHaveLength(2);
  expect(listed?.find((row) => row.id === old.id)).toMatchObject({
    status: 'canceled',
    endedAt: expect.any(Number),
  });
  expect(listed?.find((row) => row.id === now.id)).toMatchObject({
    status: 'active',
    latestInvoiceId: expect.stringMatching(/^in_/),
    items: [
      {
        priceId: 'price_pro_monthly',
        lookupKey: 'pro_monthly',
        productId: 'prod_pro',
        periodStart: expect.any(Number),
        periodEnd: expect.any(Number),
      },
    ],
  });
});

test('more than a page of subscriptions is read to its end', async () => {
  const { stripe, gateway, customer } = await withStripe();
  for (let count = 0; count < 130; count++)
    stripe.world.subscribe(customer.id, 'starter_monthly', { payNow: 'later' });

  expect(await gateway.listSubscriptions(customer.id)).toHaveLength(130);
});

test('a planned downgrade is the next phase of its schedule', async () => {
  const { stripe, gateway, customer } = await withStripe();
  const subscription = stripe.world.subscribe(customer.id, 'pro_monthly');
  stripe.world.scheduleChange(subscription.id, 'starter_monthly');

  const [listed] = (await gateway.listSubscriptions(customer.id)) ?? [];

  expect(listed).toMatchObject({
    pendingAt: listed?.items[0]?.periodEnd,
    pendingItems: [{ priceId: 'price_starter_monthly', lookupKey: 'starter_monthly' }],
  });
});

test('an invoice names its payment, its subscription and what was paid for', async () => {
  const { stripe, gateway, customer } = await withStripe();
  const subscription = stripe.world.subscribe(customer.id, 'pro_monthly');
  const [listed] = (await gateway.listSubscriptions(customer.id)) ?? [];

  const invoice = await gateway.getInvoice(listed?.latestInvoiceId ?? '');

  expect(invoice).toMatchObject({
    status: 'paid',
    billingReason: 'subscription_create',
    subscriptionId: subscription.id,
    amountPaid: 4_900,
    paidAt: expect.any(Number),
    paymentIntentId: expect.stringMatching(/^pi_/),
    lines: [{ priceId: 'price_pro_monthly', isProration: false, amount: 4_900 }],
  });
  expect(await gateway.findInvoiceOfPaymentIntent(invoice?.paymentIntentId ?? '')).toBe(invoice?.id);
  expect(await gateway.getPrice('price_pro_monthly')).toEqual({
    priceId: 'price_pro_monthly',
    lookupKey: 'pro_monthly',
    productId: 'prod_pro',
  });
});

test('only refunds that succeeded count', async () => {
  const { stripe, gateway, customer } = await withStripe();
  stripe.world.subscribe(customer.id, 'pro_monthly');
  const [listed] = (await gateway.listSubscriptions(customer.id)) ?? [];
  const invoice = await gateway.getInvoice(listed?.latestInvoiceId ?? '');
  const paymentIntentId = invoice?.paymentIntentId ?? '';
  const chargeId = (await gateway.getPaymentIntent(paymentIntentId))?.latestChargeId ?? '';

  const first = stripe.world.refund(chargeId, 1_000);
  stripe.world.refund(chargeId, 500);
  expect(await gateway.sumSucceededRefunds({ paymentIntentId })).toBe(1_500);

  stripe.world.failRefund(first.id);
  expect(await gateway.sumSucceededRefunds({ chargeId })).toBe(500);
});

test('what Stripe does not know is null, and a deleted customer has no subscriptions to speak of', async () => {
  const { gateway, stripe, customer } = await withStripe();

  expect(await gateway.getInvoice('in_none')).toBeNull();
  expect(await gateway.getEvent('evt_none')).toBeNull();
  await expect(gateway.listSubscriptions('cus_none')).rejects.toBeInstanceOf(StripeRefused);
  stripe.world.deleteCustomer(customer.id);
  expect((await gateway.listSubscriptions(customer.id)) ?? []).toEqual([]);
});

test.each(['rate_limited', 'http_500', 'refuse'] as const)(
  '%s is “away”, to be tried again',
  async (kind) => {
    const { stripe, gateway, customer } = await withStripe();
    stripe.faults.add({ kind, times: 5 });

    await expect(gateway.listSubscriptions(customer.id)).rejects.toBeInstanceOf(StripeAway);
  },
);

test('a wrong key is not “away”: somebody must correct it', async () => {
  const { stripe } = await withStripe();
  const gateway = createStripeGateway({ secretKey: 'sk_test_wrong', apiBase: stripe.url });

  await expect(gateway.getInvoice('in_1')).rejects.not.toBeInstanceOf(StripeAway);
});

test('renderings before and after 2025-03-31 read the same', () => {
  const item = {
    id: 'si_1',
    price: { id: 'price_1', lookup_key: 'pro_monthly', product: 'prod_1' },
    quantity: 1,
  };
  const common = { id: 'sub_1', status: 'active', created: 1, latest_invoice: 'in_1' };
  const before = { ...common, current_period_start: 100, current_period_end: 200, items: { data: [item] } };
  const after = {
    ...common,
    items: { data: [{ ...item, current_period_start: 100, current_period_end: 200 }] },
  };
  expect(readSubscription(before)).toEqual(readSubscription(after));

  const invoice = {
    id: 'in_1',
    status: 'paid',
    billing_reason: 'subscription_cycle',
    customer: 'cus_1',
    currency: 'usd',
    amount_paid: 100,
    created: 1,
    attempt_count: 1,
    status_transitions: { paid_at: 5 },
  };
  const line = { id: 'il_1', amount: 100, quantity: 1, period: { start: 100, end: 200 } };
  const invoiceBefore = {
    ...invoice,
    subscription: 'sub_1',
    payment_intent: 'pi_1',
    charge: null,
    lines: {
      data: [
        {
          ...line,
          price: { id: 'price_1', lookup_key: null, product: 'prod_1' },
          subscription: 'sub_1',
          proration: false,
        },
      ],
    },
  };
  const invoiceAfter = {
    ...invoice,
    parent: { type: 'subscription_details', subscription_details: { subscription: 'sub_1' } },
    payments: {
      data: [
        { status: 'paid', is_default: true, payment: { type: 'payment_intent', payment_intent: 'pi_1' } },
      ],
    },
    lines: {
      data: [
        {
          ...line,
          pricing: { price_details: { price: 'price_1', product: 'prod_1' } },
          parent: { subscription_item_details: { subscription: 'sub_1', proration: false } },
        },
      ],
    },
  };
  expect(readInvoice(invoiceBefore)).toEqual(readInvoice(invoiceAfter));
});

test('whole lists come page by page, newest first, with what a page cannot tell left open', async () => {
  const { stripe, gateway } = await withStripe();
  const ids: string[] = [];
  for (let count = 0; count < 120; count++) {
    const customer = stripe.world.createCustomer({ email: `c${count}@firm.com`, name: 'C' });
    ids.push(stripe.world.subscribe(customer.id, 'pro_monthly').id);
  }
  stripe.world.scheduleChange(ids[119] ?? '', 'starter_monthly');

  const first = await gateway.listSubscriptionPage(null);
  const second = await gateway.listSubscriptionPage(first?.next ?? null);

  expect([first?.rows.length, second?.rows.length, second?.next]).toEqual([100, 20, null]);
  expect(new Set([...(first?.rows ?? []), ...(second?.rows ?? [])].map((row) => row.id))).toEqual(
    new Set(ids),
  );
  const scheduled = first?.rows.find((row) => row.id === ids[119]);
  expect(scheduled).toMatchObject({ subscription: null, stripeCustomerId: expect.stringMatching(/^cus_/) });
  const whole = second?.rows[0];
  const [asked] = (await gateway.listSubscriptions(whole?.stripeCustomerId ?? '')) ?? [];
  expect(whole?.subscription).toEqual(asked);

  const invoices = await gateway.listInvoicePage({ until: Date.now() + 60_000, after: null });
  const [invoice] = invoices?.rows ?? [];
  expect(invoices?.rows).toHaveLength(100);
  expect(invoice?.invoice).toEqual(await gateway.getInvoice(invoice?.id ?? ''));
  expect(invoice?.invoice).toMatchObject({ status: 'paid', paymentIntentId: expect.stringMatching(/^pi_/) });
  expect(await gateway.listInvoicePage({ until: 1_000, after: null })).toEqual({ rows: [], next: null });
  expect(await gateway.listSubscriptionPage('sub_nobody')).toBeNull();
});

import { expect, test } from 'vitest';
import { startStripe } from './start.ts';

async function subscribed() {
  const started = await startStripe();
  const { id } = started.world.createCustomer({ email: 'sofia@firm.com' });
  const subscription = started.world.subscribe(id, 'pro_monthly', { metadata: { team: 'a' } });
  const { stripe } = started;
  const old = (type: string) =>
    JSON.parse(stripe.signed(stripe.lastEvent(type), { renderAs: '2020-08-27' }).body);
  return { ...started, customer: id, subscription, old };
}

test('an old endpoint gets the invoice with its subscription, payment intent, charge and prices', async () => {
  const { world, subscription, old } = await subscribed();
  const event = old('invoice.paid');
  const invoice = world.invoice(subscription.latest_invoice ?? '');
  expect(event).toMatchObject({
    api_version: '2020-08-27',
    data: {
      object: {
        charge: world.chargeOf(invoice)?.id,
        lines: {
          data: [
            {
              price: { id: 'price_pro_monthly' },
              plan: { id: 'price_pro_monthly' },
              proration: false,
              subscription: subscription.id,
              subscription_item: subscription.items.data[0]?.id,
              type: 'subscription',
            },
          ],
        },
        paid: true,
        payment_intent: world.paymentIntentOf(invoice)?.id,
        subscription: subscription.id,
        subscription_details: { metadata: { team: 'a' } },
      },
    },
  });
  for (const key of ['parent', 'total_taxes']) expect(event.data.object).not.toHaveProperty(key);
  expect(event.data.object.lines.data[0]).not.toHaveProperty('pricing');
  expect(old('invoice.created').data.object).toMatchObject({
    charge: null,
    paid: false,
    payment_intent: null,
  });
});

test('the period is on the subscription, and the former one in previous_attributes', async () => {
  const { world, subscription, old } = await subscribed();
  const [item] = subscription.items.data;
  const { current_period_end } = item ?? {};
  expect(old('customer.subscription.created').data.object).toMatchObject({
    current_period_end,
    plan: { id: 'price_pro_monthly' },
    quantity: 1,
  });
  expect(old('customer.subscription.created').data.object.items.data[0]).not.toHaveProperty(
    'current_period_end',
  );
  world.renew(subscription.id);
  expect(old('customer.subscription.updated').data).toMatchObject({
    object: { current_period_start: current_period_end },
    previous_attributes: { current_period_end },
  });
});

test('a charge names its invoice and carries its refunds; a payment intent carries its charges', async () => {
  const { world, subscription, customer, old } = await subscribed();
  const charge = world.lastPaidChargeOf(customer);
  world.refund(charge?.id ?? '', 100);
  expect(old('charge.refunded').data.object).toMatchObject({
    invoice: subscription.latest_invoice,
    refunds: { data: [{ amount: 100 }], total_count: 1 },
  });
  const intent = old('payment_intent.succeeded').data.object;
  expect(intent).toMatchObject({
    charges: { data: [{ id: charge?.id }] },
    invoice: subscription.latest_invoice,
  });
  expect(intent).not.toHaveProperty('latest_charge');
});

test('an endpoint with an old version of its own gets everything so', async () => {
  const { stripe } = await subscribed();
  stripe.endpoint.api_version = '2020-08-27';
  const event = stripe.lastEvent('invoice.paid');
  expect(JSON.parse(stripe.signed(event).body).data.object.paid).toBe(true);
});

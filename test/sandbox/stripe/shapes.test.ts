import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startStripe } from './start.ts';

/** Key sets of Stripe's own fixtures and sample events, conformed to stripe 23.1.0. */
const shapes: Record<string, string> = JSON.parse(
  readFileSync(new URL('shapes.json', import.meta.url), 'utf8'),
);

async function oneOfEach(): Promise<Record<string, object | undefined>> {
  const { stripe, world } = await startStripe();
  const { id } = world.createCustomer({ email: 'sofia@firm.com' });
  world.savePortalSettings();
  const subscription = world.subscribe(id, 'pro_monthly');
  const charge = world.lastPaidChargeOf(id)?.id ?? '';
  const refund = world.refund(charge, 100);
  const session = world.checkout({ price: 'credits_pack_100', customer: id });
  const { tables } = world;
  const invoice = world.invoice(subscription.latest_invoice ?? '');
  const dispute = world.openDispute(charge);
  return {
    balance_transaction: dispute.balance_transactions[0],
    'billing_portal.configuration': tables.portalConfigurations.newestFirst()[0],
    charge: tables.charges.get(charge),
    'checkout.session': session,
    customer: world.customer(id),
    dispute,
    event: stripe.lastEvent(),
    invoice,
    invoice_payment: tables.invoicePayments.newestFirst()[0],
    item: tables.sessionLines.get(session.id)?.[0],
    line_item: invoice.lines.data[0],
    payment_intent: tables.paymentIntents.newestFirst()[0],
    payment_method: tables.paymentMethods.newestFirst()[0],
    plan: subscription.items.data[0]?.plan,
    price: subscription.items.data[0]?.price,
    product: tables.products.newestFirst()[0],
    'radar.early_fraud_warning': world.warnOfFraud(charge),
    refund,
    subscription,
    subscription_item: subscription.items.data[0],
    subscription_schedule: world.scheduleChange(subscription.id, 'starter_monthly'),
    webhook_endpoint: stripe.endpoint,
  };
}

test('every object has exactly the keys that Stripe’s has', async () => {
  const objects = await oneOfEach();
  for (const [name, object] of Object.entries(objects)) {
    const keys = Object.keys(object ?? {}).sort();
    expect({ name, keys }).toEqual({ name, keys: shapes[name]?.split(' ') });
  }
});

test('nothing of what moved in basil is left anywhere', async () => {
  const objects = await oneOfEach();
  const gone: Record<string, string[]> = {
    charge: ['invoice', 'refunds', 'dispute'],
    invoice: ['subscription', 'payment_intent', 'charge', 'paid', 'discount', 'tax', 'payments'],
    line_item: ['price', 'plan', 'subscription_item', 'proration'],
    payment_intent: ['invoice', 'charges'],
    subscription: ['current_period_end', 'current_period_start', 'discount', 'plan'],
  };
  for (const [name, keys] of Object.entries(gone)) {
    expect(Object.keys(objects[name] ?? {}).filter((key) => keys.includes(key))).toEqual([]);
  }
});

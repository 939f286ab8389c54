import { expect, test } from 'vitest';
import { day, sofiaOn } from './sofia.ts';
import { failureOf, start } from './start.ts';

test('an upgrade gives back the unused time and charges the rest', async () => {
  const { sdk, world, clock, id, previous } = await sofiaOn('starter_monthly');
  clock.advance(15 * day);
  world.changePlan(id, 'pro_monthly');
  const [invoice] = (await sdk.invoices.list({ subscription: id, limit: 1 })).data;
  expect(invoice).toMatchObject({ billing_reason: 'subscription_update', status: 'paid', total: 1_500 });
  expect(
    invoice?.lines.data.map(({ amount, parent }) => [amount, parent?.subscription_item_details?.proration]),
  ).toEqual([
    [-950, true],
    [2_450, true],
  ]);
  expect(invoice?.lines.data[0]?.parent?.subscription_item_details).toMatchObject({
    invoice_item: expect.stringMatching(/^ii_/),
    proration_details: { credited_items: { invoice_line_items: [expect.stringMatching(/^il_/)] } },
  });
  expect(previous()).toMatchObject({ items: { data: [{ price: { lookup_key: 'starter_monthly' } }] } });
});

test('a downgrade at once leaves a credit; a new interval starts a new period', async () => {
  const { world, customer, id } = await sofiaOn();
  world.changePlan(id, 'starter_monthly');
  expect(world.customer(customer.id).balance).toBe(-3_000);
  const invoice = world.latestInvoiceOf(world.subscription(id));
  expect(invoice).toMatchObject({ amount_due: 0, status: 'paid', total: -3_000 });
  expect(world.paymentIntentOf(world.invoice(invoice?.id ?? ''))).toBeNull();

  world.changePlan(id, 'pro_yearly');
  const yearly = world.latestInvoiceOf(world.subscription(id));
  expect(yearly).toMatchObject({
    amount_due: 49_000 - 1_900 - 3_000,
    ending_balance: 0,
    starting_balance: -3_000,
  });
  expect(world.subscription(id).items.data[0]?.current_period_end).toBe(start + 365 * day);
});

test('prorations through the API wait for the next invoice', async () => {
  const { sdk, world, id } = await sofiaOn('starter_monthly');
  const [item] = world.subscription(id).items.data;
  await sdk.subscriptions.update(id, { items: [{ id: item?.id ?? '', price: 'price_pro_monthly' }] });
  expect(world.invoicesOf(world.subscription(id).customer)).toHaveLength(1);
  const invoice = world.renew(id);
  expect(invoice?.lines.data.map(({ amount }) => amount)).toEqual([-1_900, 4_900, 4_900]);
});

test('a scheduled downgrade waits for the end of the period', async () => {
  const { sdk, world, id, since } = await sofiaOn();
  world.scheduleChange(id, 'starter_monthly');
  const subscription = await sdk.subscriptions.retrieve(id, { expand: ['schedule'] });
  expect(subscription.items.data[0]?.price.lookup_key).toBe('pro_monthly');
  expect(subscription.schedule).toMatchObject({
    current_phase: { start_date: start },
    phases: [{ items: [{ price: 'price_pro_monthly' }] }, { items: [{ price: 'price_starter_monthly' }] }],
    status: 'active',
  });
  const refused = await failureOf(sdk.subscriptions.update(id, { cancel_at_period_end: true }));
  expect(refused.message).toContain('managed by the subscription schedule');
  expect(since()).toEqual(['subscription_schedule.created', 'customer.subscription.updated']);

  world.renew(id);
  expect(world.subscription(id).items.data[0]?.price.lookup_key).toBe('starter_monthly');
  world.renew(id);
  expect(world.subscription(id).schedule).toBeNull();
  expect(since()).toContain('subscription_schedule.released');
});

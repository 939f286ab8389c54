import { expect, test } from 'vitest';
import { start, startStripe } from './start.ts';

async function sofia() {
  const started = await startStripe();
  const { id } = started.world.createCustomer({ email: 'sofia@firm.com' });
  return { ...started, customer: id };
}

test('a pause of collection leaves the status; the invoices meanwhile are void, uncollectible or drafts', async () => {
  const { sdk, world, customer } = await sofia();
  const { id } = world.subscribe(customer, 'pro_monthly');
  for (const [behavior, status] of [
    ['void', 'void'],
    ['mark_uncollectible', 'uncollectible'],
    ['keep_as_draft', 'draft'],
  ] as const) {
    const paused = await sdk.subscriptions.update(id, { pause_collection: { behavior } });
    expect(paused).toMatchObject({ pause_collection: { behavior }, status: 'active' });
    expect(world.renew(id)?.status).toBe(status);
  }
  const resumed = await sdk.subscriptions.update(id, { pause_collection: '' });
  expect(resumed.pause_collection).toBeNull();
});

test('a paused subscription says why, and resumes', async () => {
  const { sdk, stripe, world, customer } = await sofia();
  const { id } = world.subscribe(customer, 'pro_monthly', { trialDays: 14 });
  world.pauseSubscription(id);
  expect(await sdk.subscriptions.retrieve(id)).toMatchObject({
    status: 'paused',
    status_details: { paused: { subscription: { type: 'trial_end_without_payment_method' } } },
  });
  expect(stripe.lastEvent().type).toBe('customer.subscription.paused');
  world.resumeSubscription(id);
  expect(await sdk.subscriptions.retrieve(id)).not.toHaveProperty('status_details');
});

test('a trial costs nothing, then becomes a paid period', async () => {
  const { sdk, stripe, world, customer } = await sofia();
  const { id, latest_invoice } = world.subscribe(customer, 'pro_monthly', { trialDays: 14 });
  expect(await sdk.subscriptions.retrieve(id)).toMatchObject({
    status: 'trialing',
    trial_end: start + 14 * 86_400,
  });
  expect(world.invoice(latest_invoice ?? '')).toMatchObject({ amount_paid: 0, status: 'paid', total: 0 });
  expect(stripe.eventsOf('charge.succeeded')).toHaveLength(0);
  world.trialWillEnd(id);
  world.renew(id);
  expect(world.subscription(id).status).toBe('active');
  expect(world.latestInvoiceOf(world.subscription(id))?.amount_paid).toBe(4_900);
});

test('a first payment that does not come leaves it incomplete, then expired', async () => {
  const { sdk, stripe, world, customer } = await sofia();
  const declined = world.subscribe(customer, 'pro_monthly', { payNow: 'declined' });
  expect(declined.status).toBe('incomplete');
  const asked = world.subscribe(customer, 'pro_monthly', { payNow: 'needs_action' });
  expect(stripe.eventsOf('invoice.payment_action_required')).toHaveLength(1);
  world.payInvoice(asked.latest_invoice ?? '');
  expect(asked.status).toBe('active');
  world.expireIncomplete(declined.id);
  expect((await sdk.subscriptions.retrieve(declined.id)).status).toBe('incomplete_expired');
  expect(world.invoice(declined.latest_invoice ?? '').status).toBe('void');
  const ended = await sdk.subscriptions.list({ customer, status: 'ended' });
  expect(ended.data.map(({ id }) => id)).toEqual([declined.id]);
});

test('several items, several subscriptions, more than ten lines', async () => {
  const { sdk, world, customer } = await sofia();
  const extraItems = Array.from({ length: 11 }, () => ({ price: 'unmapped', before: true }));
  const { id } = world.subscribe(customer, 'pro_monthly', { extraItems });
  world.subscribe(customer, 'enterprise_monthly');
  const subscription = await sdk.subscriptions.retrieve(id);
  expect(subscription.items.data.at(-1)?.price.lookup_key).toBe('pro_monthly');
  const invoice = await sdk.invoices.retrieve(world.subscription(id).latest_invoice ?? '');
  expect(invoice.lines).toMatchObject({ has_more: true });
  expect(invoice.lines.data).toHaveLength(10);
  const lines = await sdk.invoices
    .listLineItems(invoice.id ?? '', { limit: 5 })
    .autoPagingToArray({ limit: 50 });
  expect(lines).toHaveLength(12);
  const priced = await sdk.invoices.listLineItems(invoice.id ?? '', {
    expand: ['data.pricing.price_details.price'],
  });
  expect(priced.data[0]?.pricing?.price_details?.price).toMatchObject({ id: 'price_unmapped' });
  expect((await sdk.subscriptions.list({ customer })).data).toHaveLength(2);
});

test('an edited price shows in its subscriptions, without an event of theirs', async () => {
  const { sdk, stripe, world, customer } = await sofia();
  const { id } = world.subscribe(customer, 'unmapped');
  await sdk.prices.update('price_unmapped', { lookup_key: 'team_monthly', metadata: { tier: 'pro' } });
  const { items } = await sdk.subscriptions.retrieve(id);
  expect(items.data[0]?.price).toMatchObject({ lookup_key: 'team_monthly', metadata: { tier: 'pro' } });
  expect(stripe.lastEvent()).toMatchObject({
    type: 'price.updated',
    data: { previous_attributes: { lookup_key: null } },
  });
  const byKey = await sdk.prices.list({ lookup_keys: ['team_monthly'] });
  expect(byKey.data[0]?.id).toBe('price_unmapped');
});

test('a deleted customer’s subscriptions end first', async () => {
  const { stripe, world, customer } = await sofia();
  world.subscribe(customer, 'pro_monthly');
  world.deleteCustomer(customer);
  expect(stripe.events.slice(-2).map(({ type }) => type)).toEqual([
    'customer.subscription.deleted',
    'customer.deleted',
  ]);
  expect(stripe.lastEvent().data.object).toMatchObject({ email: 'sofia@firm.com' });
});

test('Lucy can ask to collect; a declined card is a card_error', async () => {
  const { sdk, world, customer } = await sofia();
  const { id } = world.subscribe(customer, 'pro_monthly');
  const invoice = world.renew(id, { payment: 'declined' })?.id ?? '';
  world.declineCards(customer, true);
  await expect(sdk.invoices.pay(invoice)).rejects.toMatchObject({ code: 'card_declined', statusCode: 402 });
  world.declineCards(customer, false);
  expect((await sdk.invoices.pay(invoice)).status).toBe('paid');
  expect(world.subscription(id).status).toBe('active');
});

import { expect, test } from 'vitest';
import { settingsSchema } from '#src/core/settings.ts';
import { billingWorld, sofia } from '#test/world/billing-world.ts';
import { events } from '#test/world/stripe-truth.ts';

const HOUR_MS = 3_600_000;

async function withPastDue(graceHours = 48) {
  const settings = settingsSchema.parse({
    plans: [{ lookup_key: 'pro_monthly', tier: 'pro', credits_per_period: 500, grace_hours: graceHours }],
  });
  const world = await billingWorld({ settings });
  const subscription = world.truth.subscribe(sofia.stripe, 'price_B');
  await world.receive(events.subscription('created', subscription));
  await world.drain();
  const invoice = world.truth.payInvoice(subscription.id, { status: 'open', paidAt: null, amountPaid: 0 });
  subscription.status = 'past_due';
  const fail = async () => {
    await world.receive({
      ...events.invoice('payment_failed', invoice),
      created: Math.floor(world.clock.now() / 1000),
    });
    await world.drain();
  };
  return { ...world, subscription, invoice, fail };
}

test('a failed payment opens grace: the tier stays, with a deadline', async () => {
  const { fail, show, database, clock } = await withPastDue();

  await fail();

  expect(await show(sofia.email)).toMatchObject({ tier: 'pro', access: 'grace' });
  expect(await database.knex('grace_periods')).toMatchObject([
    { state: 'open', started_at: clock.now(), deadline_at: clock.now() + 48 * HOUR_MS },
  ]);
});

test('later retries of the same invoice do not move the deadline', async () => {
  const { fail, database, clock } = await withPastDue(72);
  const startedAt = clock.now();
  await fail();
  for (let tries = 0; tries < 3; tries++) {
    clock.advance(20 * HOUR_MS);
    await fail();
  }

  expect(await database.knex('grace_periods')).toMatchObject([{ deadline_at: startedAt + 72 * HOUR_MS }]);
});

test('at the deadline access ends by the timer alone, once, with one message', async () => {
  const { fail, show, drain, clock, database, messages } = await withPastDue();
  await fail();
  clock.advance(48 * HOUR_MS - 1);
  await drain();
  expect((await show(sofia.email)).tier).toBe('pro');

  clock.advance(1);
  await drain();
  await drain();

  expect(await show(sofia.email)).toMatchObject({
    tier: 'free',
    access: 'full',
    entitlementChanges: [{ from: { tier: 'pro' }, to: { tier: 'free' } }, {}, {}],
  });
  expect(await database.knex('grace_periods')).toMatchObject([{ state: 'expired' }]);
  expect((await messages()).filter((title) => title.includes('from pro to free'))).toHaveLength(1);
});

test('a late payment restores the tier', async () => {
  const { fail, show, drain, receive, clock, subscription, invoice, truth, database } = await withPastDue();
  await fail();
  clock.advance(60 * HOUR_MS);
  await drain();
  expect((await show(sofia.email)).tier).toBe('free');

  subscription.status = 'active';
  const paid = { ...invoice, status: 'paid', paidAt: clock.now(), amountPaid: 4_900 };
  truth.invoices.set(invoice.id, paid);
  await receive(events.invoice('paid', paid));
  await drain();

  expect(await show(sofia.email)).toMatchObject({ tier: 'pro', access: 'full', credits: { balance: 500 } });
  expect(await database.knex('timers').where({ kind: 'grace_deadline' })).toEqual([]);
});

test('paid within grace: recovered, and the timer is gone', async () => {
  const { fail, drain, receive, clock, subscription, invoice, truth, database } = await withPastDue();
  await fail();
  subscription.status = 'active';
  truth.invoices.set(invoice.id, { ...invoice, status: 'paid', paidAt: clock.now(), amountPaid: 4_900 });
  await receive(events.invoice('paid', invoice));
  await drain();

  expect(await database.knex('grace_periods')).toMatchObject([{ state: 'recovered' }]);
  expect(await database.knex('timers').where({ kind: 'grace_deadline' })).toEqual([]);
});

test('another unpaid renewal while it is still past due brings no second grace; a new spell after a payment does', async () => {
  const { fail, show, drain, receive, clock, subscription, invoice, truth, database } = await withPastDue();
  await fail();
  clock.advance(60 * HOUR_MS);
  await drain();
  const renewal = truth.payInvoice(subscription.id, { status: 'open', paidAt: null, amountPaid: 0 });
  await receive({
    ...events.invoice('payment_failed', renewal),
    created: Math.floor(clock.now() / 1000),
  });
  await drain();
  expect((await show(sofia.email)).tier).toBe('free');
  expect(await database.knex('grace_periods')).toHaveLength(1);

  for (const one of [invoice, renewal]) {
    const paid = { ...one, status: 'paid', paidAt: clock.now(), amountPaid: 4_900 };
    truth.invoices.set(one.id, paid);
    subscription.status = 'active';
    await receive(events.invoice('paid', paid));
  }
  await drain();
  const next = truth.payInvoice(subscription.id, { status: 'open', paidAt: null, amountPaid: 0 });
  subscription.status = 'past_due';
  await receive({
    ...events.invoice('payment_failed', next),
    created: Math.floor(clock.now() / 1000),
  });
  await drain();

  expect(await show(sofia.email)).toMatchObject({ tier: 'pro', access: 'grace' });
  expect((await database.knex('grace_periods').pluck('state')).sort()).toEqual(['open', 'recovered']);
});

test('a failure that Lucy hears of after the grace is over opens none', async () => {
  const { receive, drain, show, clock, invoice, database } = await withPastDue();
  const failedAt = clock.now();
  clock.advance(5 * 24 * HOUR_MS);
  await receive({ ...events.invoice('payment_failed', invoice), created: Math.floor(failedAt / 1000) });
  await drain();

  expect((await show(sofia.email)).tier).toBe('free');
  expect(await database.knex('grace_periods')).toMatchObject([{ state: 'expired' }]);
});

test('a paused collection, a pending downgrade and a planned end are shown as they are', async () => {
  const { truth, receive, drain, show, clock } = await billingWorld();
  const subscription = truth.subscribe(sofia.stripe, 'price_B');
  const later = clock.now() + 10 * 24 * HOUR_MS;
  const [item] = subscription.items;
  Object.assign(subscription, {
    pendingAt: later,
    pendingItems: item ? [{ ...item, priceId: 'price_A', lookupKey: 'starter_monthly' }] : [],
  });
  await receive(events.subscription('updated', subscription));
  await drain();
  expect(await show(sofia.email)).toMatchObject({ tier: 'pro', pendingTier: 'starter' });

  Object.assign(subscription, { pendingAt: null, pendingItems: [], cancelAt: later });
  await receive(events.subscription('updated', subscription));
  await drain();
  expect(await show(sofia.email)).toMatchObject({ tier: 'pro', pendingTier: 'free' });

  Object.assign(subscription, { cancelAt: null, pauseBehavior: 'void' });
  await receive(events.subscription('updated', subscription));
  await drain();
  expect(await show(sofia.email)).toMatchObject({ tier: 'free' });
});

test('an override runs out by its timer, and Stripe decides again', async () => {
  const { truth, receive, drain, show, lucy, clock } = await billingWorld();
  await receive(events.subscription('updated', truth.subscribe(sofia.stripe, 'price_A')));
  await drain();
  await lucy(`tier set ${sofia.email} enterprise --until 7d --reason "trial of enterprise" --yes`);
  expect(await show(sofia.email)).toMatchObject({ tier: 'enterprise', tierSource: 'override' });

  clock.advance(7 * 24 * HOUR_MS);
  await drain();

  expect(await show(sofia.email)).toMatchObject({ tier: 'starter', tierSource: 'subscription' });
});

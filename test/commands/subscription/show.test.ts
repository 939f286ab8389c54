import { expect, test } from 'vitest';
import { DAY_MS } from '#src/core/clock.ts';
import { billingWorld, sofia } from '#test/world/billing-world.ts';
import { sofiaWorld } from '#test/world/sofia-world.ts';
import { events } from '#test/world/stripe-truth.ts';
import { staff } from '#test/world/terminal-world.ts';

const show = 'subscription show sofia@firm.com';

test('a subscription is shown in plain words: plan, status, period, pending change', async () => {
  const { truth, receive, drain, lucy, clock } = await billingWorld();
  const subscription = truth.subscribe(sofia.stripe, 'price_B', {
    pendingAt: clock.now() + 10 * DAY_MS,
    pendingItems: [
      {
        priceId: 'price_A',
        lookupKey: 'starter_monthly',
        productId: null,
        productTier: null,
        quantity: 1,
        periodStart: null,
        periodEnd: null,
      },
    ],
  });
  await receive(events.subscription('updated', subscription));
  await drain();

  const typed = await lucy(show);
  const json = (await lucy(`${show} --json`)).json();

  expect(typed.out).toContain('Active: paid, and it counts.');
  expect(typed.out).toMatch(/Plan +pro_monthly \(pro\)/);
  expect(typed.out).toMatch(/Paid period ends +2026-12-21 09:00 UTC/);
  expect(typed.out).toMatch(/Changes to +starter_monthly \(starter\) +2026-12-01 09:00 UTC/);
  expect(json).toMatchObject({
    tier: 'pro',
    subscriptions: [
      { id: subscription.id, status: 'active', tiers: ['pro'], pendingAt: '2026-12-01T09:00:00.000Z' },
    ],
    manual: null,
  });
});

test('past due says until when grace keeps it; a paused collection says what the policy is', async () => {
  const { truth, receive, drain, lucy } = await billingWorld();
  const subscription = truth.subscribe(sofia.stripe, 'price_B', {
    status: 'past_due',
    latestInvoiceId: 'in_1',
  });
  await receive(events.subscription('updated', subscription));
  await drain();

  expect((await lucy(show)).out).toMatch(
    /Past due: the last payment failed[\s\S]*Grace until +2026-11-24 09:00 UTC/,
  );

  Object.assign(subscription, { status: 'active', pauseBehavior: 'void' });
  await receive(events.subscription('updated', subscription));
  await drain();

  expect((await lucy(show)).out).toContain(
    'Collection is paused, so nothing is charged. By policy it does not count meanwhile.',
  );
});

test('every status of Stripe has its sentence', async () => {
  const { truth, receive, drain, lucy } = await billingWorld();
  const statuses = [
    'trialing',
    'unpaid',
    'canceled',
    'incomplete',
    'incomplete_expired',
    'paused',
    'something_new',
  ];
  for (const status of statuses) truth.subscribe(sofia.stripe, 'price_A', { status });
  await receive(events.subscription('updated', { id: 'sub_1', customer: sofia.stripe }));
  await drain();

  const { out } = await lucy(show);

  for (const sentence of [
    'In its trial',
    'Unpaid: Stripe gave up',
    'Canceled: it has ended',
    'lapses after 23 hours',
    'Never started',
    'Paused: its trial ended',
    'Stripe says “something_new”, which Lucy does not count.',
  ])
    expect(out).toContain(sentence);
});

test('a manual subscription stands beside, and a customer without any gets a hint', async () => {
  const { lucy, done, clock } = await sofiaWorld();
  expect((await lucy(show)).out).toContain('customer link sofia@firm.com cus_…');

  await done(
    'subscription set sofia@firm.com --type monthly --status active --until 7d --reason "by invoice"',
  );
  expect((await lucy(show)).out).toContain('Active: it counts for tier and access, and grants no credits.');

  clock.advance(8 * DAY_MS);
  expect((await lucy(show)).out).toContain('Ran out: it does not count any more.');
  expect((await lucy(`${show} --json`)).json()).toMatchObject({
    manual: { counts: false, status: 'active' },
  });
});

test('an unknown customer exits 5, someone without any role 3', async () => {
  const { lucy } = await sofiaWorld();

  expect((await lucy('subscription show sub_9')).code).toBe(5);
  expect((await lucy(show, staff())).code).toBe(3);
});

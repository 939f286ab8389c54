import { expect, test } from 'vitest';
import { apiWorld } from '#test/world/api-world.ts';
import { sofia } from '#test/world/billing-world.ts';
import { detectorWorld, minutes, watching } from '#test/world/detector-world.ts';
import { events } from '#test/world/stripe-truth.ts';

test('a debt goes to the data platform team, once, until it is gone', async () => {
  const world = await detectorWorld();
  const { truth, receive, drain, lucy } = world;
  const invoice = truth.payInvoice(truth.subscribe(sofia.stripe, 'price_B').id);
  await receive(events.invoice('paid', invoice));
  await drain();
  await lucy('credits consume sofia@firm.com 400 --reason "used" --yes');
  const intent = invoice.paymentIntentId ?? '';
  truth.refund(intent, 4_900);
  await receive(events.refund('created', intent, sofia.stripe));
  await drain();
  await world.watch(2);

  expect(await world.told()).toEqual([
    '#data-platform: The credit balance of sofia@firm.com is negative or stuck: 400 credits are owed: they had been spent before their payment was refunded.',
  ]);

  truth.refunds.set(intent, [{ amount: 4_900, status: 'failed' }]);
  await receive(events.refund('failed', intent, sofia.stripe));
  await drain();
  await world.watch(1);
  expect(await world.open()).toEqual([]);
});

test('a hold whose time was up and that did not end is stuck, and well again when the timers run', async () => {
  const world = await apiWorld();
  await world.grant(50);
  const { look, open, told } = watching(world);
  await look();
  const hold = await world.post('/api/credits/holds', { email: 'sofia@firm.com', amount: 20 }, 'hold-1');
  expect(hold.status).toBe(201);
  world.clock.advance(minutes(2));
  await look();
  expect(await open()).toEqual([]);

  world.clock.advance(minutes(24 * 60));
  await look();
  expect(await told()).toEqual([
    expect.stringMatching(
      /^oncall: The credit balance of sofia@firm\.com is negative or stuck: 1 hold should have ended since 2026-11-2\d \d\d:\d\d UTC and still keeps credits back\.$/,
    ),
  ]);

  await world.timers();
  await look();
  expect(await open()).toEqual([]);
});

test('a balance that was written by hand is found at the next entry', async () => {
  const world = await detectorWorld();
  const { lucy, database } = world;
  await lucy('credits grant sofia@firm.com 100 --reason "hello" --yes');
  await world.watch(1);
  await database.knex('credit_accounts').update({ balance: 90 });
  await lucy('credits grant sofia@firm.com 5 --reason "more" --yes');
  await world.watch(1);

  expect(await world.told()).toEqual([
    '#data-platform: The credit balance of sofia@firm.com is negative or stuck: The balance is 95, but the lots have 105 left.',
  ]);
});

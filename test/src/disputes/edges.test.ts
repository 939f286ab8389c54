import { expect, test } from 'vitest';
import { recordDecision, withdrawDecision } from '#db/disputes.ts';
import { resolveEvents } from '#src/billing-events/resolve-events.ts';
import { syncNext } from '#src/billing-events/sync-customer.ts';
import { settleHold } from '#src/credits/end-hold.ts';
import { holdCredits } from '#src/credits/hold.ts';
import { StripeRefused } from '#src/gateways/stripe-errors.ts';
import { sofia } from '#test/world/billing-world.ts';
import { disputeDesk } from '#test/world/dispute-desk.ts';
import { disputeWorld } from '#test/world/dispute-world.ts';
import { stripeDown } from '#test/world/stripe-truth.ts';
import { testCause } from '#test/world/test-cause.ts';
import { disputeOf } from '#test/world/truth-disputes.ts';
import { stripeEvent } from '#test/world/webhook-world.ts';
import { takeKeptEvents } from '../../../migrations/20261121T170000_create_disputes.ts';

const DAY_MS = 86_400_000;

test('of two disputes over parts of one payment the lost part goes, and the rest stays frozen', async () => {
  const world = await disputeWorld();
  const part = (id: string, status: string) =>
    disputeOf(world.charge, world.clock.now(), { id, status, amount: 2_450 });
  world.truth.disputes.set(world.charge, [part('dp_1', 'lost'), part('dp_2', 'needs_response')]);
  await world.tells('created');

  const left = world.granted - Math.floor(world.granted / 2);
  expect(await world.credits()).toMatchObject({ balance: left, frozen: left, spendable: 0 });
  world.truth.disputes.set(world.charge, [part('dp_1', 'lost'), part('dp_2', 'lost')]);
  await world.tells('closed');
  expect(await world.credits()).toMatchObject({ balance: 0, frozen: 0, debt: 0 });
});

test('a hold that was open when the dispute came spends nothing of what is frozen, and never more than there is', async () => {
  const world = await disputeWorld();
  const customer = await world.database.knex('customers').first('id');
  const cause = testCause(world.clock.now());
  const hold = await world.database.knex.transaction((sql) =>
    holdCredits(sql, cause, {
      customerId: customer.id,
      amount: 40,
      expiresAt: world.clock.now() + 60_000,
    }),
  );
  world.says();
  await world.tells('created');
  const ended = await world.database.knex.transaction((sql) => settleHold(sql, cause, hold.id, 40));

  expect(ended.hold.settled).toBe(0);
  expect(await world.credits()).toMatchObject({ balance: world.granted, frozen: world.granted });
  expect((await world.lucy(`credits audit ${sofia.email}`)).code).toBe(0);
});

test('a crash before the commit leaves nothing of it; the next pass does all of it', async () => {
  const world = await disputeWorld();
  world.says();
  await world.sends('created');
  await resolveEvents(world.deps);
  const crash = { ...world.deps, crashPoint: (name: string) => crashAt(name, 'sync about to commit') };
  await syncNext(crash);
  expect(await world.database.knex('disputes')).toEqual([]);
  expect(await world.credits()).toMatchObject({ frozen: 0 });

  world.clock.advance(DAY_MS / 24);
  await world.drain();
  expect(await world.credits()).toMatchObject({ frozen: world.granted });
  expect(await world.database.knex('dispute_steps')).toHaveLength(1);
});

function crashAt(name: string, wanted: string): void {
  if (name === wanted) throw new Error('killed');
}

test('Stripe being away, the event waits, and nothing is frozen on hearsay', async () => {
  const world = await disputeWorld();
  world.says();
  await world.sends('created');
  world.truth.onCall = stripeDown;
  await world.drain();
  expect(await world.credits()).toMatchObject({ frozen: 0 });

  world.truth.onCall = () => {};
  world.clock.advance(DAY_MS / 24);
  await world.drain();
  expect(await world.credits()).toMatchObject({ frozen: world.granted });
});

test('a dispute of a payment without any Stripe customer has a card all the same', async () => {
  const world = await disputeWorld({});
  const dispute = disputeOf('ch_guest', world.clock.now(), { paymentIntentId: null });
  world.truth.disputes.set('ch_guest', [dispute]);
  const object = { id: dispute.id, object: 'dispute', charge: 'ch_guest' };
  await world.receive(stripeEvent('charge.dispute.created', object));
  await world.drain();

  expect(await world.messages('billing')).toContainEqual(
    expect.stringContaining('An unknown customer disputes $49.00'),
  );
  expect(await world.database.knex('stripe_events').where({ type: 'charge.dispute.created' })).toMatchObject([
    { status: 'done' },
  ]);
});

test('a dispute that Stripe does not know any more fails alone; the customer’s tier goes on', async () => {
  const world = await disputeWorld();
  const object = { id: 'dp_gone', object: 'dispute', customer: sofia.stripe };
  await world.receive(stripeEvent('charge.dispute.updated', object));
  await world.drain();

  expect(await world.show(sofia.email)).toMatchObject({ tier: 'pro' });
  expect(await world.database.knex('disputes')).toEqual([]);
});

test('nobody is reminded of what is decided; when the decision comes to nothing, reminders go on', async () => {
  const desk = await disputeDesk();
  const { id } = desk.stripe.world.openDispute(desk.charge.id, { dueInDays: 8 });
  await desk.hear();
  const by = { decision: 'contest' as const, runId: 'run_1', actor: 'bea', now: desk.clock.now() };
  await recordDecision(desk.database.knex, id, by);
  desk.clock.advance(2 * DAY_MS);
  await desk.hear();
  const card = desk.billing().find(({ reads }) => reads.includes(id));
  expect(desk.thread(card?.ts ?? '')).toEqual([]);
  expect(card?.reads).toContain('Decided');
  expect(card?.reads).not.toContain('[Accept]');

  await withdrawDecision(desk.database.knex, id, 'run_1');
  desk.clock.advance(3.1 * DAY_MS);
  await desk.hear();
  expect(desk.thread(card?.ts ?? '')).toEqual([expect.stringContaining('nobody has decided yet')]);
});

test('disputes that came before there was a desk are looked at now', async () => {
  const world = await disputeWorld();
  world.says();
  await world.sends('created');
  await world.database.knex('stripe_events').where({ type: 'charge.dispute.created' }).update({
    status: 'deferred',
  });
  await takeKeptEvents(world.database.knex);
  await world.drain();

  expect(await world.credits()).toMatchObject({ frozen: world.granted });
});

test('a key that may not read fraud warnings holds up nothing but their events', async () => {
  const world = await disputeWorld();
  world.warns();
  world.truth.onCall = (name) => {
    if (name === 'listFraudWarnings') throw new StripeRefused('The key may not read Radar.');
  };
  await world.sends('radar.early_fraud_warning.created');
  world.truth.subscriptions.clear();
  await world.drain();

  expect((await world.show(sofia.email)).tier).toBe('free');
  expect(await world.database.knex('stripe_events').where({ status: 'failed' })).toMatchObject([
    { type: 'radar.early_fraud_warning.created', error: expect.stringContaining('may not read Radar') },
  ]);
});

test('a dispute that is over when it is first heard of has a row and no card', async () => {
  const desk = await disputeDesk();
  const before = desk.billing().length;
  const dispute = desk.stripe.world.openDispute(desk.charge.id);
  desk.stripe.world.closeDispute(dispute.id, 'lost');
  await desk.hear();
  await desk.hear();

  expect(await desk.database.knex('disputes').select('id', 'status')).toEqual([
    { id: dispute.id, status: 'lost' },
  ]);
  expect(desk.billing()).toHaveLength(before);
  expect(await desk.database.knex('timers').where('kind', 'like', 'dispute%')).toEqual([]);
});

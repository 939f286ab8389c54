import { expect, test } from 'vitest';
import { type BillingWorld, sofia } from '#test/world/billing-world.ts';
import { type DetectorWorld, detectorWorld } from '#test/world/detector-world.ts';
import { events, stripeDown } from '#test/world/stripe-truth.ts';

const SECOND_MS = 1_000;

/** One more try of everything that fails, whenever its turn comes. */
async function tryAgain(world: BillingWorld): Promise<void> {
  world.clock.advance(20 * SECOND_MS);
  await world.drain();
}

async function poisoned(): Promise<DetectorWorld> {
  const world = await detectorWorld();
  const invoice = world.truth.payInvoice(world.truth.subscribe(sofia.stripe, 'price_B').id);
  await world.receive(events.invoice('paid', invoice, 'evt_poison'));
  world.truth.onCall = (name) => {
    if (name === 'getInvoice') throw new Error('unreadable');
  };
  await world.drain();
  return world;
}

test('the first failure says nothing, the second goes to billing engineering by itself, further ones are not told again', async () => {
  const world = await poisoned();
  await world.look();
  expect(await world.told()).toEqual([]);

  await tryAgain(world);
  await world.look();
  expect(await world.told()).toEqual([
    '#billing-engineering: Stripe event evt_poison (invoice.paid) of sofia@firm.com failed twice: what Stripe told has no effect yet.',
  ]);
  await tryAgain(world);
  await tryAgain(world);
  await world.look();
  expect(await world.told()).toHaveLength(1);
  const [row] = await world.database.knex('outbox').where({ target: '#billing-engineering' });
  expect(JSON.parse(row.payload)).toMatchObject({
    mentions: { groups: ['S0BILLENG01'] },
    sections: [{ heading: 'Evidence', lines: [['• evt_poison (invoice.paid) failed 2 times: unreadable']] }],
  });

  world.truth.onCall = () => {};
  await world.lucy('webhook replay evt_poison --reason "mended" --yes');
  await world.look();
  expect(await world.open(), 'a replay that is on its way is no recovery').toHaveLength(1);
  for (let tries = 0; tries < 6; tries++) await tryAgain(world);
  await world.look();
  expect(await world.open()).toEqual([]);
  expect((await world.told()).at(-1)).toMatch(/^#billing-engineering: Well again:/);
});

test('an event that is given up again after its replay is told once more', async () => {
  const world = await poisoned();
  const untilDead = async (times: number) => {
    for (let tries = 0; tries < 200; tries++) {
      world.clock.advance(60 * SECOND_MS);
      await world.drain();
      await world.look();
      const [event] = await world.database.knex('stripe_events');
      if (event.status === 'dead' && event.dead_count === times) return;
    }
    throw new Error('It never died');
  };
  await untilDead(1);
  await world.look();
  expect(await world.told()).toHaveLength(1);
  await world.lucy('webhook replay evt_poison --reason "try again" --yes');
  await untilDead(2);
  await world.look();
  await world.look();

  expect((await world.told()).slice(1)).toEqual([
    '#billing-engineering: Stripe event evt_poison (invoice.paid) of sofia@firm.com was given up again after its replay: what Stripe told has no effect yet.',
  ]);
});

test('several events that fail in one pass failed once; in passes of their own they count together', async () => {
  const world = await poisoned();
  const [failed] = await world.database.knex('stripe_events');
  const { id: _other, ...same } = failed;
  await world.database.knex('stripe_events').insert({ ...same, id: 'evt_beside' });
  await world.look();
  expect(await world.told(), 'the same pass').toEqual([]);
  await world.database.knex('stripe_events').where({ id: 'evt_beside' }).delete();
  world.clock.advance(1);

  const second = world.truth.payInvoice('sub_1');
  await world.receive(events.invoice('paid', second, 'evt_other'));
  await world.drain();
  await world.look();

  expect(await world.told()).toEqual([
    '#billing-engineering: 2 Stripe events of sofia@firm.com fail again and again: what Stripe told has no effect yet.',
  ]);
});

test('Stripe being away for hours is nobody’s failure', async () => {
  const world = await detectorWorld();
  const invoice = world.truth.payInvoice(world.truth.subscribe(sofia.stripe, 'price_B').id);
  await world.receive(events.invoice('paid', invoice));
  world.truth.onCall = stripeDown;
  for (let hour = 0; hour < 60; hour++) {
    world.clock.advance(240 * SECOND_MS);
    await world.drain();
    await world.look();
  }

  expect(await world.open()).toEqual([]);
});

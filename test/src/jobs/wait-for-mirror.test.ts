import { expect, test } from 'vitest';
import { continuePoll, writePollState } from '#src/billing-events/poll-state.ts';
import { runTimers } from '#src/jobs/run-timers.ts';
import { type DunningWorld, dunningWorld, HOUR_MS } from '#test/world/dunning-world.ts';

const MINUTE_MS = 60_000;

const graceState = async (world: DunningWorld) =>
  (await world.database.knex('grace_periods').first('state')).state;

function fire(world: DunningWorld): Promise<number> {
  return runTimers({
    database: world.database,
    settings: world.runner.settings,
    stripe: world.gateway,
    clock: world.clock,
    log: world.runner.log,
    mode: 'test',
    creditsSince: 0,
  });
}

test('paid, and only not looked at yet: the deadline waits for the look, and nothing is taken away', async () => {
  const world = await dunningWorld();
  const invoice = await world.fails();
  await world.after(70 * HOUR_MS);
  const { knex } = world.database;
  world.stripe.world.payInvoice(invoice);
  // As after a restore: everybody is to be asked of Stripe anew, and nobody was.
  await knex('customer_sync').update({ dirty_seq: knex.raw('dirty_seq + 1') });
  const before = await knex('entitlement_changes');

  world.clock.advance(4 * HOUR_MS);
  await fire(world);
  expect(await graceState(world)).toBe('open');
  await world.booked();
  world.clock.advance(2 * MINUTE_MS);
  await fire(world);

  expect(await graceState(world)).toBe('recovered');
  expect((await knex('entitlement_changes')).slice(before.length).map((row) => row.to_access)).not.toContain(
    'locked',
  );
  expect(await knex('entitlements').first()).toMatchObject({ tier: 'pro', access: 'full' });
  expect(await knex('mails').where({ stage: 'expired' })).toEqual([]);
  expect(await knex('timers').where({ kind: 'grace_deadline' })).toEqual([]);
});

test('Stripe’s events were not asked for since: it waits, a wait that lasts is told once, and then it ends all the same', async () => {
  const world = await dunningWorld();
  await world.fails();
  const { knex } = world.database;
  const poll = { ...continuePoll(null, 0), lookedAt: world.clock.now() };
  await writePollState(knex, poll, world.clock.now());

  world.clock.advance(80 * HOUR_MS);
  for (let minutes = 0; minutes < 40; minutes++) {
    await fire(world);
    world.clock.advance(MINUTE_MS);
  }
  expect(await graceState(world)).toBe('open');
  const told = await knex('outbox').where('dedupe_key', 'like', 'timers-wait:%');
  expect(told.map(({ target }) => target)).toEqual(['billing']);
  expect(told[0].payload).toContain('They keep what they have until then.');

  await writePollState(knex, { ...poll, lookedAt: world.clock.now() }, world.clock.now());
  await fire(world);
  expect(await graceState(world)).toBe('expired');
});

import { expect, test } from 'vitest';
import { carryEffects } from '#src/stripe-effects/carry-effects.ts';
import type { CrashPoint } from '#src/stripe-effects/deps.ts';
import { LEASE_MS } from '#src/stripe-effects/timing.ts';
import { dieAt, effectsWorld, hours, minutes, refundOf } from '#test/world/effects-world.ts';

const points: CrashPoint[] = [
  'effect claimed',
  'effect looked at',
  'effect marked as being sent',
  'effect taken by Stripe',
  'effect about to commit',
];

test.each(points)(
  'killed at “%s”: the next process finishes it, and Stripe has one refund',
  async (point) => {
    const world = await effectsWorld();
    const charge = world.pay();
    // Half of the charge: a second half would go through, were it sent again.
    const run = await world.approve(refundOf(charge, { amount: 2_000 }));

    expect(await dieAt(world.deps, point)).toBe(true);
    expect(await carryEffects(world.deps)).toBe(0);
    await world.wait(minutes(5));

    expect(await world.states(run)).toEqual(['confirmed']);
    expect(world.refundsOf(charge)).toMatchObject([{ amount: 2_000 }]);
  },
);

test.each(points)('killed at “%s”, and not started again for 26 hours: still one refund', async (point) => {
  const world = await effectsWorld();
  const charge = world.pay();
  const run = await world.approve(refundOf(charge, { amount: 2_000 }));

  await dieAt(world.deps, point);
  world.clock.advance(hours(26));
  await world.wait(minutes(5));

  expect(await world.states(run)).toEqual(['confirmed']);
  expect(world.refundsOf(charge)).toMatchObject([{ amount: 2_000 }]);
});

test('killed after Stripe confirmed and before that was kept: confirmed once, shown once', async () => {
  const world = await effectsWorld();
  const run = await world.approve(refundOf(world.pay()));
  await world.work();
  world.clock.advance(minutes(1));

  await dieAt(world.deps, 'effect about to commit');
  world.seen.length = 0;
  await world.wait(minutes(2));

  expect(await world.states(run)).toEqual(['confirmed']);
  expect(world.seen).toEqual(['sent → confirmed']);
  expect(await world.database.knex('audit_events').where({ actor_name: 'Stripe' })).toHaveLength(1);
});

test('two workers at one effect: one of them has it, and Stripe is asked once', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  const run = await world.approve(refundOf(charge, { amount: 2_000 }));

  const found = await Promise.all([1, 2, 3].map(() => carryEffects(world.deps)));

  expect(found.reduce((sum, count) => sum + count, 0)).toBe(1);
  expect(await world.states(run)).toEqual(['sent']);
  expect(world.posts()).toHaveLength(1);
});

test('a worker that slept past its lease before it could send sends nothing, and keeps nothing', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  const run = await world.approve(refundOf(charge, { amount: 2_000 }));

  await carryEffects({
    ...world.deps,
    crashPoint(name) {
      if (name === 'effect marked as being sent') world.clock.advance(LEASE_MS + 1);
    },
  });
  expect(world.posts()).toEqual([]);
  await world.wait(minutes(5));

  expect(await world.states(run)).toEqual(['confirmed']);
  expect(world.posts()).toHaveLength(1);
});

test('a worker whose request hangs past its lease is overtaken, and its late answer is not kept', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  const run = await world.approve(refundOf(charge, { amount: 2_000 }));
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let isPosted = false;
  const stop = world.stripe.onAnswer(async ({ method, path }) => {
    if (method !== 'POST' || path !== '/v1/refunds') return;
    stop();
    isPosted = true;
    await held;
  });

  const stale = carryEffects(world.deps);
  await expect.poll(() => isPosted).toBe(true);
  world.clock.advance(LEASE_MS + 1);
  await world.work();
  expect(await world.states(run)).toEqual(['confirmed']);
  const shown = world.seen.length;
  release();
  await stale;

  expect(await world.states(run)).toEqual(['confirmed']);
  expect(world.seen).toHaveLength(shown);
  expect(world.refundsOf(charge)).toHaveLength(1);
  expect(world.posts()).toHaveLength(1);
});

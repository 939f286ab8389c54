import { expect, onTestFailed, test } from 'vitest';
import type { FaultKind } from '#sandbox/stripe/http/faults.ts';
import { carryEffects } from '#src/stripe-effects/carry-effects.ts';
import type { CrashPoint } from '#src/stripe-effects/deps.ts';
import { LEASE_MS } from '#src/stripe-effects/timing.ts';
import { dieAt, effectsWorld, hours, minutes, refundOf, seconds } from '#test/world/effects-world.ts';
import { testEngine } from '#test/world/fresh-database.ts';

/** Postgres shares this machine with everything else. */
const SWARMS = 4;
const EFFECTS_OF_A_SWARM = testEngine === 'sqlite' ? 20 : 8;

const faults: FaultKind[] = [
  'apply_late',
  'saved_500',
  'http_500',
  'apply_then_timeout',
  'timeout',
  'rate_limited',
  'refuse',
];
const crashes: CrashPoint[] = [
  'effect claimed',
  'effect looked at',
  'effect marked as being sent',
  'effect taken by Stripe',
  'effect about to commit',
];

/** mulberry32: the same seed makes the same story. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test('whatever goes wrong and whoever dies, each approved refund is made exactly once', async () => {
  const seed = Number(process.env.LUCY_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
  onTestFailed(() => void process.stderr.write(`Again with LUCY_TEST_SEED=${seed}\n`));
  const random = randomOf(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const world = await effectsWorld();
  const charges = new Map<string, string>();
  const deps = { ...world.deps, random };

  let struck = 0;

  for (let swarm = 0; swarm < SWARMS; swarm++) {
    for (let count = 0; count < EFFECTS_OF_A_SWARM; count++) {
      const customer = world.stripe.world.createCustomer({ email: `c${swarm}-${count}@firm.com` });
      world.stripe.world.subscribe(customer.id, 'pro_monthly');
      const charge = world.stripe.world.lastPaidChargeOf(customer.id)?.id ?? '';
      // A third of the payment, so that a second and a third refund would go through.
      charges.set(await world.approve(refundOf(charge, { amount: 1_500 })), charge);
    }
    // Each swarm has some of the faults only, at a rate of its own: what always comes together hides what comes alone.
    const chosen = [pick(faults), ...faults.filter(() => random() < 0.4)];
    const rate = 0.1 + random() * 0.5;
    const stop = world.stripe.onRequest(({ method, path }) => {
      if (!path.startsWith('/v1/refunds') || random() >= rate) return;
      struck += 1;
      // The SDK waits for real before it reads again: reads are turned away, which it does not repeat.
      const kind = method === 'POST' ? pick(chosen) : 'rate_limited';
      const delayMs = kind === 'apply_late' ? Math.round(random() * 150) : 0;
      world.stripe.faults.add({ kind, method, path, delayMs });
    });
    for (let step = 0; step < EFFECTS_OF_A_SWARM * 1.5; step++) {
      if (random() < 0.1) await dieAt(deps, pick(crashes));
      await Promise.all([carryEffects(deps), carryEffects(deps)]);
      if (random() < 0.15) world.clock.advance(pick([seconds(3), seconds(40), LEASE_MS + 1, minutes(2)]));
    }
    stop();
    world.stripe.faults.clear();
    if (random() < 0.5) world.clock.advance(hours(26));
  }
  for (let round = 0; round < 12; round++) {
    await world.work();
    world.clock.advance(minutes(7));
  }

  for (const [run, charge] of charges) {
    const [effect] = await world.effects(run);
    const told = `seed ${seed}, ${run}`;
    expect(world.refundsOf(charge), told).toEqual([
      { id: effect?.object_id, amount: 1_500, status: 'succeeded' },
    ]);
    expect(effect?.state, told).toBe('confirmed');
  }
  expect(charges.size).toBe(SWARMS * EFFECTS_OF_A_SWARM);
  expect(struck).toBeGreaterThan(0);
}, 60_000);

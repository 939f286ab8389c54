import { expect, test } from 'vitest';
import { carryEffects } from '#src/stripe-effects/carry-effects.ts';
import { effectsWorld } from '#test/world/effects-world.ts';

const refundOf = (chargeId: string) => ({
  kind: 'refund' as const,
  chargeId,
  paymentIntentId: null,
  amount: 2_000,
  currency: 'usd',
  stripeReason: 'requested_by_customer' as const,
  refundedBefore: 0,
});

test('two approved refunds of one charge: the second sees the first, whoever carries them', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  const first = await world.approve(refundOf(charge));
  const second = await world.approve(refundOf(charge));

  await Promise.all([carryEffects(world.deps), carryEffects(world.deps), carryEffects(world.deps)]);
  await world.wait(60_000);

  expect(world.refundsOf(charge)).toHaveLength(1);
  expect([...(await world.states(first)), ...(await world.states(second))].sort()).toEqual([
    'confirmed',
    'failed',
  ]);
});

test('while it is open whether the first came into force, the second waits', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  world.stripe.faults.add({ kind: 'apply_then_timeout', method: 'POST', path: '/v1/refunds' });
  const first = await world.approve(refundOf(charge));
  const second = await world.approve(refundOf(charge));

  await carryEffects(world.deps);
  await carryEffects(world.deps);
  expect(await world.states(second)).toEqual(['queued']);
  await world.wait(10 * 60_000);

  expect(await world.states(first)).toEqual(['confirmed']);
  expect(await world.states(second)).toEqual(['failed']);
  expect(world.refundsOf(charge)).toHaveLength(1);
});

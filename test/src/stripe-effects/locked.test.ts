import { expect, test } from 'vitest';
import { inTransaction } from '#db/transaction.ts';
import { lockCustomer } from '#src/entitlements/lock.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { type EffectsWorld, effectsWorld, minutes, refundOf, seconds } from '#test/world/effects-world.ts';
import { testCause } from '#test/world/test-cause.ts';

/** Somebody locks Sofia for fraud. */
function lock(world: EffectsWorld) {
  const cause = testCause(world.clock.now(), { reason: 'stolen card' });
  const sofia = { id: 'cust_sofia', email: 'sofia@firm.com' };
  return inTransaction(world.database, (sql) => lockCustomer(sql, sampleSettings, cause, sofia));
}

test('a refund that nobody sent yet is not sent once the customer is locked', async () => {
  const world = await effectsWorld();
  const charge = world.pay();
  const run = await world.approve(refundOf(charge));
  await lock(world);

  await world.wait(minutes(10));

  expect(await world.states(run)).toEqual(['failed']);
  expect(world.posts()).toEqual([]);
});

test.each(['apply_then_timeout', 'timeout'] as const)(
  'one of which Stripe may have heard (%s) goes on, so that nobody has to guess whether it was paid',
  async (kind) => {
    const world = await effectsWorld();
    const charge = world.pay();
    world.stripe.faults.add({ kind, method: 'POST', path: '/v1/refunds' });
    const run = await world.approve(refundOf(charge));
    await world.wait(seconds(1));
    expect(world.posts()).toHaveLength(1);
    await lock(world);

    await world.wait(minutes(10));

    expect(await world.states(run)).toEqual(['confirmed']);
    expect(world.refundsOf(charge)).toHaveLength(1);
  },
);

import { expect, test } from 'vitest';
import { inTransaction } from '#db/transaction.ts';
import { recomputeEntitlement } from '#src/entitlements/recompute.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { sofiaWorld } from '#test/world/sofia-world.ts';
import { testCause } from '#test/world/test-cause.ts';

const why = { kind: 'staff' as const, ref: 'run_test', reason: 'a test' };

async function recompute(world: Awaited<ReturnType<typeof sofiaWorld>>) {
  const [customer] = await world.rows<{ id: string }>('customers');
  const context = { settings: sampleSettings, mode: 'test' as const, cause: testCause(world.clock.now()) };
  return inTransaction(world.database, (sql) => recomputeEntitlement(sql, context, customer?.id ?? '', why));
}

test('recomputing twice writes no second change (row 35)', async () => {
  const world = await sofiaWorld();
  await world.done('tier set sofia@firm.com pro --reason "trial"');

  const again = await recompute(world);

  expect(again.change).toBeNull();
  expect(await world.rows('entitlement_changes')).toHaveLength(1);
  expect(await world.rows('entitlement_changes')).toMatchObject([
    { version: 1, correlation_id: expect.any(String) },
  ]);
});

test('of many recomputations at once one writes the change, and versions have no gap (row 35)', async () => {
  const world = await sofiaWorld();
  await world.database.knex('overrides').insert({
    id: 'ovr_by_hand',
    customer_id: (await world.rows<{ id: string }>('customers'))[0]?.id,
    tier: 'pro',
    reason: 'a test',
    actor: 'terminal:admin',
    starts_at: 0,
  });

  const results = await Promise.all([1, 2, 3, 4, 5].map(() => recompute(world)));

  expect(results.filter(({ change }) => change !== null)).toHaveLength(1);
  expect(await world.rows('entitlement_changes')).toMatchObject([
    { version: 1, from_tier: 'free', to_tier: 'pro' },
  ]);
});

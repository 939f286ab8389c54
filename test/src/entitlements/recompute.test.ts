import { expect, test } from 'vitest';
import { inTransaction } from '#db/transaction.ts';
import { recomputeEntitlement } from '#src/entitlements/recompute.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { billingWorld, sofia } from '#test/world/billing-world.ts';
import { sofiaWorld } from '#test/world/sofia-world.ts';
import { events } from '#test/world/stripe-truth.ts';
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

test('a tier set by hand does not outlive its day on a price that nothing maps', async () => {
  const { truth, receive, drain, lucy, show, clock } = await billingWorld();
  const subscription = truth.subscribe(sofia.stripe, 'price_A');
  await receive(events.subscription('created', subscription));
  await drain();
  await lucy('tier set sofia@firm.com enterprise --until 2d --reason "trial" --yes');
  Object.assign(subscription.items[0] ?? {}, { priceId: 'price_unknown', lookupKey: null });
  await receive(events.subscription('updated', subscription));
  await drain();
  expect((await show(sofia.email)).tier).toBe('enterprise');

  clock.advance(2 * 86_400_000 + 1);
  await drain();
  expect(await show(sofia.email)).toMatchObject({ tier: 'starter', tierSource: 'subscription' });
  await receive(events.subscription('updated', subscription));
  await drain();
  expect((await show(sofia.email)).tier).toBe('starter');
});

test('a manual subscription that ended is not what an unmapped price holds', async () => {
  const { truth, receive, drain, lucy, show } = await billingWorld();
  await lucy('subscription set sofia@firm.com --type enterprise --status active --reason "by invoice" --yes');
  await receive(events.subscription('created', truth.subscribe(sofia.stripe, 'price_unknown')));
  await drain();
  expect((await show(sofia.email)).tier).toBe('enterprise');

  await lucy('subscription set sofia@firm.com --type enterprise --status canceled --reason "moved" --yes');

  expect((await show(sofia.email)).tier).toBe('free');
});

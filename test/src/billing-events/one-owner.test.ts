import { expect, test } from 'vitest';
import { syncMany } from '#src/billing-events/sync-customer.ts';
import { billingWorld, sofia } from '#test/world/billing-world.ts';
import { events } from '#test/world/stripe-truth.ts';

const second = 'cus_second';

test('passes of one owner follow each other in the order of their turns, also where the first goes alone', async () => {
  const { truth, deps, database, lucy, receive, drain } = await billingWorld();
  await lucy(`customer link ${sofia.email} ${second} --reason "her second account" --yes`);
  await drain();
  const starter = truth.subscribe(sofia.stripe, 'price_A');
  // It raises a finding, so that the first pass cannot share a transaction.
  truth.subscribe(sofia.stripe, 'price_unmapped');
  const pro = truth.subscribe(second, 'price_B');
  for (const { id } of [starter, pro]) await receive(events.invoice('paid', truth.payInvoice(id)));
  await database.knex('customer_sync').where({ stripe_customer_id: sofia.stripe }).update({ priority: 0 });

  expect(await syncMany(deps, 50)).toEqual(['synced', 'synced']);

  const changes: { from_tier: string; to_tier: string }[] = await database
    .knex('entitlement_changes')
    .orderBy('version');
  expect(changes.map(({ from_tier, to_tier }) => `${from_tier} to ${to_tier}`)).toEqual([
    'free to starter',
    'starter to pro',
  ]);
});

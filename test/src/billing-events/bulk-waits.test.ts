import { expect, test } from 'vitest';
import { refreshInBulk } from '#src/billing-events/bulk-refresh.ts';
import { syncNext } from '#src/billing-events/sync-customer.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import { type BillingWorld, billingWorld } from '#test/world/billing-world.ts';
import { bulkFrom, settle } from '#test/world/bulk-world.ts';
import { events } from '#test/world/stripe-truth.ts';

const crowd = (count: number) =>
  Array.from({ length: count }, (_none, at) => ({ email: `c${at}@firm.com`, stripe: `cus_${at}` }));

/** A crowd renews, and each page of the list takes so long. */
async function slowList(options: { pageMs: number; pageSize?: number; customers?: number }) {
  const customers = crowd(options.customers ?? 40);
  const world = await billingWorld({ customers, settings: bulkFrom(5) });
  await world.drain();
  world.truth.pageSize = options.pageSize ?? 3;
  for (const { stripe } of customers) {
    const subscription = world.truth.subscribe(stripe, 'price_B');
    await world.receive(events.invoice('paid', world.truth.payInvoice(subscription.id)));
  }
  const pages = { count: 0 };
  world.truth.onCall = (name) => {
    if (name !== 'listSubscriptionPage') return;
    pages.count++;
    world.clock.advance(options.pageMs);
  };
  return { world, pages };
}

const everybodyAgain = async ({ truth, receive }: BillingWorld) => {
  for (const subscription of truth.subscriptions.values())
    await receive(events.subscription('updated', subscription));
};

test('a list that is not at its end after ten minutes lets its customers go, and is not begun again', async () => {
  const { world, pages } = await slowList({ pageMs: 2 * MINUTE_MS });

  const begun = world.clock.now();
  while ((await refreshInBulk(world.deps)) > 0);
  expect(world.clock.now() - begun).toBeLessThan(13 * MINUTE_MS);
  expect(await world.database.knex('bulk_refreshes')).toMatchObject([
    { state: 'dropped', outcome: 'The list took too long to read.' },
  ]);
  const read = pages.count;
  await settle(world);
  expect((await world.show('c39@firm.com')).credits.balance).toBe(500);

  world.clock.advance(60 * MINUTE_MS);
  await everybodyAgain(world);
  await settle(world);
  expect(pages.count).toBe(read);
  expect(await world.database.knex('bulk_refreshes')).toHaveLength(1);
});

test('a list that was slow to its end is not read again the same day, and tried anew after it', async () => {
  const { world, pages } = await slowList({ pageMs: MINUTE_MS, pageSize: 7 });
  await settle(world);
  expect(await world.database.knex('bulk_refreshes')).toMatchObject([{ state: 'done', pages: 6 }]);

  await everybodyAgain(world);
  await settle(world);
  expect(pages.count).toBe(6);

  world.clock.advance(24 * 60 * MINUTE_MS);
  await everybodyAgain(world);
  await settle(world);
  expect(pages.count).toBe(12);
});

test('whoever is heard of while the list is read does not wait for its end', async () => {
  const { world } = await slowList({ pageMs: 1_000, customers: 12 });
  const [first] = world.truth.subscriptions.values();
  if (!first) throw new Error('There is no subscription');
  const meanwhile: string[] = [];
  const balances: number[] = [];
  world.truth.onCall = async (name) => {
    if (name !== 'listSubscriptionPage' || meanwhile.length > 2) return;
    if (meanwhile.length === 1) await world.receive(events.subscription('updated', first));
    meanwhile.push(await syncNext(world.deps));
    balances.push((await world.show('c0@firm.com')).credits.balance);
  };

  while ((await refreshInBulk(world.deps)) > 0);

  expect(meanwhile).toEqual(['idle', 'synced', 'idle']);
  expect(balances).toEqual([0, 500, 500]);
  world.truth.onCall = () => {};
  await settle(world);
  expect((await world.show('c11@firm.com')).credits.balance).toBe(500);
});

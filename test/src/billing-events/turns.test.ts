import { setTimeout as pause } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { claimSyncs, renewLeases } from '#db/customer-sync.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import { syncMany, syncTurn } from '#src/billing-events/sync-customer.ts';
import { StripeAway, UnknownStripeCustomer } from '#src/gateways/stripe-errors.ts';
import { type BillingWorld, billingWorld, type Customer } from '#test/world/billing-world.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { events } from '#test/world/stripe-truth.ts';
import { syncAlone } from '#test/world/sync-alone.ts';

const some = (count: number): Customer[] =>
  Array.from({ length: count }, (_, n) => ({ email: `c${n}@firm.com`, stripe: `cus_c${n}` }));

/** Customers of whom each has just paid for the first time. */
async function payingWorld(count: number): Promise<BillingWorld> {
  const world = await billingWorld({ customers: some(count) });
  for (const { stripe } of some(count)) world.truth.subscribe(stripe, 'price_A');
  await payAll(world);
  return world;
}

async function payAll({ truth, receive }: BillingWorld): Promise<void> {
  for (const { id } of truth.subscriptions.values())
    await receive(events.invoice('paid', truth.payInvoice(id)));
}

/** The same world, where Stripe does something else first when it is asked for this customer's subscriptions. */
function whenAsked({ deps }: BillingWorld, first: (id: string) => Promise<void> | void) {
  const { stripe } = deps;
  const listSubscriptions = async (id: string) => {
    await first(id);
    return stripe.listSubscriptions(id);
  };
  return { ...deps, stripe: { ...stripe, listSubscriptions } };
}

const rowsOf = ({ database }: BillingWorld) => database.knex('customer_sync').orderBy('stripe_customer_id');

/** Of each customer, whether nothing of theirs waits. */
async function areSynced(world: BillingWorld): Promise<boolean[]> {
  return (await rowsOf(world)).map((row) => row.synced_seq === row.dirty_seq);
}

async function areLeased(world: BillingWorld): Promise<boolean[]> {
  return (await rowsOf(world)).map((row) => row.lease_token !== null);
}

test('the most urgent are fetched first', async () => {
  const world = await payingWorld(6);
  for (const [n, { stripe }] of some(6).entries())
    await world.database
      .knex('customer_sync')
      .where({ stripe_customer_id: stripe })
      .update({ priority: 5 - n });
  const asked: string[] = [];

  await syncTurn(
    whenAsked(world, (id) => void asked.push(id)),
    64,
  );

  expect(asked).toEqual(['cus_c5', 'cus_c4', 'cus_c3', 'cus_c2', 'cus_c1', 'cus_c0']);
});

test('while Stripe is away a turn tries one customer, and all others keep their turn', async () => {
  const world = await payingWorld(20);
  const away = whenAsked(world, (id) => {
    if (id >= 'cus_c10') throw new StripeAway('Stripe does not answer');
  });

  const { results } = await syncTurn(away, 64);

  // c0 and c1 were fetched before, and are kept.
  expect(results.sort()).toEqual(['postponed', 'synced', 'synced']);
  const tried = (await rowsOf(world)).filter(({ attempts }) => attempts > 0);
  expect(tried.map((row) => row.stripe_customer_id)).toEqual(['cus_c10']);
  expect(await areLeased(world)).not.toContain(true);
});

test('a customer that Stripe does not know keeps nobody else from their turn', async () => {
  const world = await payingWorld(3);
  const deps = whenAsked(world, (id) => {
    if (id === 'cus_c0') throw new UnknownStripeCustomer('No such customer: cus_c0');
  });

  expect((await syncTurn(deps, 64)).results.sort()).toEqual(['postponed', 'synced', 'synced']);
});

test('one whose answer does not come holds up neither those who were fetched nor those who were not', async () => {
  const world = await payingWorld(4);
  let answer = () => {};
  const answering = new Promise<void>((done) => {
    answer = done;
  });
  const hanging = whenAsked(world, (id) => (id === 'cus_c2' ? answering : undefined));

  const turn = syncTurn(hanging, 64);
  await vi.waitFor(
    async () => {
      expect(await areSynced(world)).toEqual([true, true, false, false]);
      expect(await areLeased(world)).toEqual([false, false, true, false]);
    },
    { timeout: 5_000, interval: 50 },
  );
  answer();

  expect((await turn).results).toEqual(['synced', 'synced', 'synced']);
  expect((await syncTurn(world.deps, 64)).results).toEqual(['synced']);
});

test('what cannot be read before the passes leaves nobody leased', async () => {
  const world = await payingWorld(3);
  const { client } = world.database.knex;
  const acquire = client.acquireConnection.bind(client);
  let breaks = 0;
  const crashPoint = (name: string) => {
    if (name === 'sync claimed') breaks = 1;
  };
  const broken = vi.spyOn(client, 'acquireConnection').mockImplementation(async () => {
    if (breaks-- > 0) throw new Error('Connection terminated unexpectedly');
    return acquire();
  });

  await expect(syncTurn({ ...world.deps, crashPoint }, 64)).rejects.toThrow('Connection terminated');

  broken.mockRestore();
  expect(await areLeased(world)).toEqual([false, false, false]);
});

test('where the end of a failed pass cannot be written, the others are committed or given back', async () => {
  const world = await payingWorld(4);
  const { knex } = world.database;
  const failing = whenAsked(world, (id) => {
    if (id === 'cus_c2') throw new Error('What Stripe says cannot be read');
  });
  const begin = knex.transaction.bind(knex);
  let begun = 0;
  // The first is the claim, the second ends the pass that failed.
  const broken = vi
    .spyOn(knex, 'transaction')
    .mockImplementation(((...args: Parameters<typeof begin>) =>
      ++begun === 2 ? Promise.reject(new Error('The disk is full')) : begin(...args)) as typeof begin);

  await expect(syncTurn(failing, 64)).rejects.toThrow('The disk is full');

  broken.mockRestore();
  expect(await areSynced(world)).toEqual([true, true, false, false]);
  // Of the one that failed the rest of the lease is the pause: the next turn begins with somebody else.
  expect(await areLeased(world)).toEqual([false, false, true, false]);
  expect((await syncTurn(failing, 64)).results).toEqual(['synced']);
});

const onPostgres = test.runIf(testEngine === 'postgres');

onPostgres('an account that somebody holds for long stops no webhook, and no pass of others', async () => {
  const world = await payingWorld(4);
  const { truth, deps, database } = world;
  await syncMany(deps, 64);
  await payAll(world);
  const holder = await database.knex.transaction();
  const owner = await database.knex('customers').where({ email: 'c0@firm.com' }).first();
  await holder('credit_accounts').where({ customer_id: owner.id }).forUpdate().first();

  const turn = syncMany(deps, 64);
  try {
    // The first of them is the one that waits.
    await vi.waitFor(async () => expect(await areSynced(world)).toEqual([false, true, true, true]), {
      timeout: 5_000,
    });
    const [id = ''] = [...truth.subscriptions.keys()].slice(1);
    await world.receive(events.invoice('paid', truth.payInvoice(id)));
  } finally {
    await holder.rollback();
  }

  expect(await turn).toEqual(['synced', 'synced', 'synced', 'synced']);
  // The webhook that came meanwhile asked for another pass.
  expect(await areSynced(world)).toEqual([true, false, true, true]);
  expect(await syncMany(deps, 64)).toEqual(['synced']);
});

const roads = [
  // The claim is one of knex’s transactions, and the passes share one that is not.
  { name: 'passes commit together', transactions: 1, sync: (deps: BillingDeps) => syncMany(deps, 64) },
  // Four claims and four passes, and a claim that finds nobody.
  { name: 'one commits alone', transactions: 9, sync: syncAllAlone },
];
for (const { name, transactions, sync } of roads)
  onPostgres(`an event that Stripe sends again while ${name} runs into no deadlock`, async () => {
    const world = await billingWorld({ customers: some(4) });
    const { truth, deps, database } = world;
    const paid = some(4).map(({ stripe }) =>
      events.invoice('paid', truth.payInvoice(truth.subscribe(stripe, 'price_A').id)),
    );
    for (const event of paid) await world.receive(event);
    const again: Promise<void>[] = [];
    const crashPoint = (point: string) => {
      if (point === 'sync writing' && again.length === 0) again.push(world.receive(paid[0]));
    };
    const begun = vi.spyOn(database.knex, 'transaction');

    await sync({ ...deps, crashPoint });
    await Promise.all(again);

    // Of two that wait for each other Postgres ends one: the inbox would fail, or a pass begin again.
    expect(begun).toHaveBeenCalledTimes(transactions);
    await syncMany(deps, 64);
    expect(await areSynced(world)).toEqual([true, true, true, true]);
    expect(await world.show('c0@firm.com')).toMatchObject({ credits: { balance: 100 } });
  });

async function syncAllAlone(deps: BillingDeps): Promise<void> {
  while (await syncAlone(deps));
}

onPostgres('a lease is renewed without waiting for a row that somebody holds', async () => {
  const world = await payingWorld(3);
  const { knex } = world.database;
  const now = world.clock.now();
  const ids = some(3).map(({ stripe }) => stripe);
  await claimSyncs(knex, 'lease_1', now, now + 6_000, 64);
  const holder = await knex.transaction();
  await holder('customer_sync').where({ stripe_customer_id: 'cus_c1' }).forUpdate().first();

  const renewing = renewLeases(knex, ids, 'lease_1', now + 8_000);
  const first = await Promise.race([renewing.then(() => 'renewed'), pause(5_000, 'waited')]);
  await holder.rollback();

  expect(first).toBe('renewed');
  expect((await rowsOf(world)).map((row) => row.lease_until - now)).toEqual([8_000, 6_000, 8_000]);
});

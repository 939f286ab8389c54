import { expect, onTestFinished, test, vi } from 'vitest';
import { findUnbalancedAccounts } from '#db/credit-proof.ts';
import { syncMany } from '#src/billing-events/sync-customer.ts';
import { type BillingWorld, billingWorld, type Customer } from '#test/world/billing-world.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { events } from '#test/world/stripe-truth.ts';

const customers: Customer[] = ['a', 'b', 'c'].map((name) => ({
  email: `${name}@firm.com`,
  stripe: `cus_${name}`,
}));

// On SQLite whoever writes waits for whoever wrote before.
test
  .runIf(testEngine === 'postgres')
  .each([
    'credits grant b@firm.com 40 --reason "model" --yes',
    'tier set b@firm.com pro --until 2h --reason "model" --yes',
  ])('between the reading and the writing of many passes “%s” waits, and comes after them', async (line) => {
  const world = await billingWorld({ customers });
  const { truth, deps, database } = world;
  for (const { stripe } of customers) truth.subscribe(stripe, 'price_A');
  await renew(world);
  await syncMany(deps, 50);
  await renew(world);
  const { isHere, goOn } = stopBeforeWriting(database.knex.client);
  const before = (await world.show('b@firm.com')).credits.balance;

  const passes = syncMany(deps, 50);
  await isHere;
  const command = world.lucy(line);
  const first = await Promise.race([
    command.then(() => 'the command did not wait'),
    someoneWaits(world).then(() => 'it waits'),
  ]);
  goOn();

  expect(first).toBe('it waits');
  expect(await passes).toEqual(['synced', 'synced', 'synced']);
  await command;
  const { credits, tier } = await world.show('b@firm.com');
  const granted = line.startsWith('credits') ? 40 : 0;
  const renewed = (await world.show('a@firm.com')).credits.balance - before;
  expect({ tier, balance: credits.balance }).toEqual({
    tier: granted ? 'starter' : 'pro',
    balance: before + renewed + granted,
  });
  expect(await findUnbalancedAccounts(database.knex)).toEqual([]);
});

async function renew({ truth, receive }: BillingWorld): Promise<void> {
  for (const { id } of truth.subscriptions.values())
    await receive(events.invoice('paid', truth.payInvoice(id)));
}

type Asks = { query(...args: unknown[]): unknown };

/** Holds the first statement up that writes what a batch has changed. */
function stopBeforeWriting(client: { acquireConnection(): Promise<unknown> }): {
  isHere: Promise<void>;
  goOn(): void;
} {
  const here = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const acquire = client.acquireConnection.bind(client);
  const spy = vi.spyOn(client, 'acquireConnection').mockImplementation(async () => {
    const connection = (await acquire()) as Asks;
    const query = connection.query.bind(connection);
    connection.query = (...args) => {
      const [asked] = args as [string | { text?: string }];
      const text = typeof asked === 'string' ? asked : asked.text;
      if (!text?.includes('json_populate_recordset')) return query(...args);
      here.resolve();
      return released.promise.then(() => query(...args));
    };
    return connection;
  });
  onTestFinished(() => spy.mockRestore());
  return { isHere: here.promise, goOn: released.resolve };
}

async function someoneWaits({ database }: BillingWorld): Promise<void> {
  await expect
    .poll(() =>
      database
        .knex('pg_stat_activity')
        .where({ wait_event_type: 'Lock' })
        .where('datname', database.knex.raw('current_database()')),
    )
    .not.toEqual([]);
}

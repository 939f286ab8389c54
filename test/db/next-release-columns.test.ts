import pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { findStanding } from '#db/product-customers.ts';
import { readMirrorOfPage } from '#db/reconcile-mirror.ts';
import { syncMany } from '#src/billing-events/sync-customer.ts';
import { createSpendTogether } from '#src/credits/spend-together.ts';
import { type BillingWorld, billingWorld, sofia } from '#test/world/billing-world.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { sharedSpend } from '#test/world/shared-spends.ts';
import { events } from '#test/world/stripe-truth.ts';

test.runIf(testEngine === 'postgres')(
  'a column that the next release adds to any table stops no statement that a connection has prepared',
  async () => {
    const world = await billingWorld({ customers: [sofia, { email: 'max@firm.com', stripe: 'cus_max' }] });
    const { truth, database } = world;
    for (const customer of ['cus_sofia', 'cus_max']) truth.subscribe(customer, 'price_A');
    // As in the service: it is made once.
    const spend = createSpendTogether(database);
    const statements = watchStatements();
    await liveADay(world, spend, 'before');
    await liveADay(world, spend, 'and again');
    const before = statements.prepared();

    const tables: { table_name: string }[] = await database
      .knex('information_schema.tables')
      .where({ table_schema: database.knex.raw('current_schema()'), table_type: 'BASE TABLE' })
      .whereNot('table_name', 'like', 'knex%')
      .select('table_name');
    for (const { table_name: name } of tables)
      await database.knex.raw('alter table ?? add column of_the_next_release text', [name]);
    statements.forget();
    await liveADay(world, spend, 'after');

    expect(await statements.failed()).toEqual([]);
    // All of them, and on connections that had prepared them before.
    const after = statements.prepared();
    expect(after.filter((each) => before.includes(each))).toEqual(after);
    expect([...new Set(after.map((each) => each.replace(/ .*/, '').replace(/\d+$/, 'N')))].sort()).toEqual([
      'lucy-batch-N',
      'lucy-intake',
      'lucy-open-events',
      'lucy-reconcile-made',
      'lucy-reconcile-mirrored',
      'lucy-spend-accounts',
      'lucy-spend-customers',
      'lucy-spend-standing',
      'lucy-spend-write',
      'lucy-standing-email',
    ]);
  },
);

type Spend = ReturnType<typeof createSpendTogether>;

/** Renewals, a call of the product that is paid for with credits, and a page of the nightly reconciliation. */
async function liveADay(
  { truth, deps, database, receive }: BillingWorld,
  spend: Spend,
  day: string,
): Promise<void> {
  for (const subscription of truth.subscriptions.values())
    await receive(events.invoice('paid', truth.payInvoice(subscription.id)));
  expect(await syncMany(deps, 50)).toEqual(['synced', 'synced']);
  const standing = await findStanding(database.knex, { email: sofia.email }, deps.clock.now());
  const now = deps.clock.now();
  expect(await spend(sharedSpend(standing?.customer_id ?? '', day, 1, now))).toMatchObject({ kind: 'spent' });
  const ids = [...truth.subscriptions.keys()];
  const span = { from: 0, before: deps.clock.now() };
  expect((await readMirrorOfPage(database, { ids, mode: 'test', span })).mirrored).toHaveLength(2);
}

/** Every statement with a name that is asked, with its connection, and what became of it. */
function watchStatements() {
  const asked = vi.spyOn(pg.Client.prototype, 'query');
  onTestFinished(() => asked.mockRestore());
  const numbers = new Map<unknown, number>();
  const numberOf = (connection: unknown) => {
    const number = numbers.get(connection) ?? numbers.size;
    numbers.set(connection, number);
    return number;
  };
  return {
    prepared: (): string[] =>
      asked.mock.calls.flatMap((args, index) => {
        const { name } = args[0] as { name?: string };
        return name ? [`${name} ${numberOf(asked.mock.contexts[index])}`] : [];
      }),
    failed: async () =>
      (await Promise.allSettled(asked.mock.results.map(({ value }) => value))).flatMap((end) =>
        end.status === 'rejected' ? [String(end.reason)] : [],
      ),
    forget: () => void asked.mockClear(),
  };
}

import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import { findUnbalancedAccounts } from '#db/credit-proof.ts';
import { commitTogether } from '#src/billing-events/commit-sync.ts';
import { createSync } from '#src/billing-events/sync-at-pace.ts';
import { syncMany } from '#src/billing-events/sync-customer.ts';
import { settingsSchema } from '#src/core/settings.ts';
import { runTimers } from '#src/jobs/run-timers.ts';
import { type BillingWorld, billingWorld, type Customer } from '#test/world/billing-world.ts';
import { rounds } from '#test/world/figures.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { events } from '#test/world/stripe-truth.ts';
import { syncAlone } from '#test/world/sync-alone.ts';

const DAY_MS = 86_400_000;

const settings = settingsSchema.parse({
  plans: [
    { lookup_key: 'starter_monthly', tier: 'starter', credits_per_period: 100, credits_expire: 'period_end' },
    { lookup_key: 'pro_monthly', tier: 'pro', credits_per_period: 500 },
  ],
});

const customers: Customer[] = ['a', 'b', 'c', 'd'].map((name) => ({
  email: `${name}@firm.com`,
  stripe: `cus_${name}`,
}));

const who = fc.nat(customers.length - 1);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('subscribe' as const),
      who,
      price: fc.constantFrom('price_A', 'price_B', 'price_A', 'price_unmapped'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('switch' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end' as const), who }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('pay' as const), who, lines: fc.constantFrom(1, 1, 2) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fail' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('recover' as const), who }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('refund' as const),
      who,
      amount: fc.integer({ min: 1, max: 4_900 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('unreadable' as const), who, times: fc.constantFrom(1, 2) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('staff' as const),
      who,
      line: fc.constantFrom(
        'credits grant EMAIL 40 --reason "model" --yes',
        'credits consume EMAIL 30 --reason "model" --yes',
        'tier set EMAIL pro --until 2h --reason "model" --yes',
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), days: fc.constantFrom(0.1, 1, 31) }),
  },
  {
    weight: 6,
    // Between the timers and the passes time may go by, in which overrides run out.
    arbitrary: fc.record({ do: fc.constant('work' as const), late: fc.constantFrom(0, 0, 7_260_000) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** Every life begins with four who pay. Each is one at Stripe: of two, one could go alone, after the other. */
const beginnings: Step[] = [
  ...customers.flatMap((_, who): Step[] => [
    { do: 'subscribe', who, price: who % 2 === 0 ? 'price_A' : 'price_B' },
    { do: 'pay', who, lines: 1 },
  ]),
  { do: 'work', late: 0 },
];

test('passes that share a transaction leave what the same passes leave one by one', async () => {
  // The pauses of what failed are drawn by lot.
  const lot = vi.spyOn(Math, 'random').mockReturnValue(0.5);
  onTestFinished(() => lot.mockRestore());
  const passes = { all: 0, alone: 0 };
  const lives = fc.array(step, { minLength: 8, maxLength: 28, size: 'max' });
  await fc.assert(
    fc.asyncProperty(lives, async (life) => {
      const steps = [...beginnings, ...life];
      const together = await billingWorld({ settings, customers });
      const alone = await billingWorld({ settings, customers });

      const own = vi.spyOn(together.database.knex, 'transaction');
      await live(together, steps, async () => {
        for (let done = -1; done !== 0; ) {
          own.mockClear();
          done = (await syncMany(together.deps, 50)).length;
          passes.all += done;
          // The claim is a transaction of knex’s, and so is whatever goes alone.
          passes.alone += Math.min(done, Math.max(0, own.mock.calls.length - 1));
        }
      });
      await live(alone, steps, async () => {
        while (await syncAlone(alone.deps));
      });

      expect(await rowsOf(together)).toEqual(await rowsOf(alone));
      expect(await findUnbalancedAccounts(together.database.knex)).toEqual([]);
    }),
    { numRuns: rounds(testEngine === 'sqlite' ? 20 : 5), endOnFailure: true },
  );
  expect(passes.alone / passes.all).toBeLessThan(0.7);
}, 300_000);

/** The same life twice: everything that is not Lucy’s own work has the same ids and the same times. */
async function live(world: BillingWorld, steps: readonly Step[], work: () => Promise<void>): Promise<void> {
  const { truth, clock } = world;
  let sent = 0;
  const nextId = () => `evt_together${++sent}`;
  const send = (event: unknown) => world.receive(event);
  const newestOf = (customer: Customer) =>
    [...truth.subscriptions.values()].filter((each) => each.customer === customer.stripe).at(-1);
  const invoiceOf = (customer: Customer, status: string) =>
    [...truth.invoices.values()]
      .filter((each) => each.stripeCustomerId === customer.stripe && each.status === status)
      .at(-1);

  for (const action of steps) await act(action);
  await act({ do: 'work', late: 0 });

  async function act(action: Step): Promise<void> {
    if (action.do === 'work') {
      // Events that failed are tried again after a while; each of them has its turn.
      for (let turn = 0; turn < 3; turn++) {
        clock.advance(61_000);
        await runTimers(world.deps);
        clock.advance(action.late);
        await work();
      }
      return;
    }
    if (action.do === 'wait') return void clock.advance(action.days * DAY_MS);
    const customer = customers[action.who] ?? { email: '', stripe: '' };
    // No two moments are the same, so that the database has no order of its own to choose.
    clock.advance(1_000);
    const subscription = newestOf(customer);
    if (action.do === 'subscribe') {
      const made = truth.subscribe(customer.stripe, action.price);
      return send(events.subscription('created', made, nextId()));
    }
    if (action.do === 'staff') return void (await world.lucy(action.line.replace('EMAIL', customer.email)));
    if (action.do === 'recover' || action.do === 'refund') {
      const invoice = invoiceOf(customer, action.do === 'recover' ? 'open' : 'paid');
      if (!invoice) return;
      if (action.do === 'refund') {
        truth.refund(invoice.paymentIntentId ?? '', action.amount);
        return send(events.refund('created', invoice.paymentIntentId ?? '', customer.stripe, nextId()));
      }
      Object.assign(invoice, { status: 'paid', paidAt: clock.now(), amountPaid: 4_900 });
      if (subscription) subscription.status = 'active';
      return send(events.invoice('paid', invoice, nextId()));
    }
    if (!subscription || subscription.status === 'canceled') return;
    if (action.do === 'switch') {
      Object.assign(subscription.items[0] ?? {}, { priceId: 'price_B', lookupKey: 'pro_monthly' });
      const change = { billingReason: 'subscription_update' };
      const invoice = truth.payInvoice(subscription.id, change);
      await send(events.subscription('updated', subscription, nextId()));
      return send(events.invoice('paid', invoice, nextId()));
    }
    if (action.do === 'end') {
      Object.assign(subscription, { status: 'canceled', endedAt: clock.now() });
      return send(events.subscription('deleted', subscription, nextId()));
    }
    if (action.do === 'unreadable') {
      for (let time = 0; time < action.times; time++) {
        const invoice = truth.payInvoice(subscription.id, { billingReason: 'subscription_update' });
        for (const line of invoice.lines) line.periodStart = null;
        await send(events.invoice('paid', invoice, nextId()));
        clock.advance(1_000);
      }
      return;
    }
    const isPaid = action.do === 'pay';
    const invoice = truth.payInvoice(
      subscription.id,
      isPaid ? {} : { status: 'open', paidAt: null, amountPaid: 0 },
    );
    if (isPaid && action.lines === 2)
      invoice.lines.push(...invoice.lines.map((line) => ({ ...line, id: `${line.id}_2` })));
    if (!isPaid) subscription.status = 'past_due';
    await send(events.invoice(isPaid ? 'paid' : 'payment_failed', invoice, nextId()));
  }
}

/** Not written by passes, or made of ids: those are drawn anew each time. */
const without = new Set([
  'runs',
  'installation',
  'knex_migrations',
  'knex_migrations_lock',
  'sqlite_sequence',
]);
const columnsWithout = new Set(['fingerprint', 'inputs_hash', 'payload_sha256', 'payload']);

/** Every row of every table as text, ids that Lucy drew left out. */
async function rowsOf({ database }: BillingWorld): Promise<Record<string, string[]>> {
  const { knex, engine } = database;
  const tables: { name: string }[] =
    engine === 'sqlite'
      ? await knex('sqlite_master').where({ type: 'table' }).select('name')
      : await knex('information_schema.tables')
          .where({ table_schema: knex.raw('current_schema()') })
          .select({ name: 'table_name' });
  const all: Record<string, string[]> = {};
  for (const { name } of tables.filter((table) => !without.has(table.name))) {
    const rows: Record<string, unknown>[] = await knex(name);
    all[name] = rows.map((row) => textOf(name, row)).sort();
  }
  return all;
}

function textOf(table: string, row: Record<string, unknown>): string {
  const kept = Object.entries(row).filter(
    ([column]) => !columnsWithout.has(column) || (table === 'outbox' && column === 'payload'),
  );
  return JSON.stringify(Object.fromEntries(kept)).replaceAll(
    /\b([a-z]{3,5})_[0-9a-hjkmnp-tv-z]{26}\b/g,
    '$1_*',
  );
}

test('first subscriptions, renewals and upgrades of many customers are one transaction', async () => {
  const world = await billingWorld({ settings, customers });
  const { truth, deps, database } = world;
  const own = vi.spyOn(database.knex, 'transaction');
  for (const { stripe } of customers) {
    const made = truth.subscribe(stripe, 'price_A');
    await world.receive(events.invoice('paid', truth.payInvoice(made.id)));
  }
  await syncMany(deps, 50);
  for (const subscription of truth.subscriptions.values()) {
    const isUpgrade = subscription.customer < 'cus_c';
    if (isUpgrade)
      Object.assign(subscription.items[0] ?? {}, { priceId: 'price_B', lookupKey: 'pro_monthly' });
    const invoice = truth.payInvoice(
      subscription.id,
      isUpgrade ? { billingReason: 'subscription_update' } : {},
    );
    await world.receive(
      isUpgrade ? events.subscription('updated', subscription) : events.invoice('paid', invoice),
    );
  }

  expect(await syncMany(deps, 50)).toEqual(['synced', 'synced', 'synced', 'synced']);

  // Each time the claim alone was a transaction of knex’s.
  expect(own).toHaveBeenCalledTimes(2);
  expect(await world.show('a@firm.com')).toMatchObject({ tier: 'pro', credits: { balance: 500 } });
  expect(await world.show('d@firm.com')).toMatchObject({ tier: 'starter', credits: { balance: 200 } });
});

test('a pass that is not plain, and one whose lease was lost, keep nobody who shares their transaction up', async () => {
  const world = await billingWorld({ settings, customers });
  const { truth, deps, database } = world;
  for (const { stripe } of customers) {
    const made = truth.subscribe(stripe, 'price_B');
    await world.receive(events.invoice('paid', truth.payInvoice(made.id)));
  }
  // Of the first another worker takes over; the second cannot be booked; the third goes past due, which opens a grace.
  const taken = { ...deps, crashPoint: (name: string) => name === 'sync fetched' && void steal() };
  let isStolen = false;
  const steal = () => {
    if (isStolen) return;
    isStolen = true;
    stealing = database
      .knex('customer_sync')
      .where({ stripe_customer_id: 'cus_a' })
      .update({ lease_token: 'another' })
      .then(() => {});
  };
  let stealing: Promise<void> | undefined;
  for (const invoice of truth.invoices.values())
    if (invoice.stripeCustomerId === 'cus_b')
      Object.assign(invoice, {
        billingReason: 'subscription_update',
        lines: invoice.lines.map((line) => ({ ...line, periodStart: null })),
      });
  for (const subscription of truth.subscriptions.values())
    if (subscription.customer === 'cus_c') subscription.status = 'past_due';

  const results = await syncMany(taken, 50);
  await stealing;

  expect(results.filter((result) => result === 'synced')).toHaveLength(3);
  expect(results.filter((result) => result === 'fenced')).toHaveLength(1);
  expect(await world.show('a@firm.com')).toMatchObject({ tier: 'free', credits: { balance: 0 } });
  expect(await world.show('b@firm.com')).toMatchObject({ tier: 'pro', credits: { balance: 0 } });
  expect(await world.show('c@firm.com')).toMatchObject({ access: 'grace', credits: { balance: 500 } });
  expect(await world.show('d@firm.com')).toMatchObject({ tier: 'pro', credits: { balance: 500 } });
  const failed = await database.knex('stripe_events').where({ status: 'failed' });
  expect(failed.map((event) => event.stripe_customer_id)).toEqual(['cus_b']);
});

test('while Stripe takes its time nobody waits for another: whoever was not asked for is given back at once', async () => {
  const world = await billingWorld({ settings, customers });
  const { truth, deps, database, clock } = world;
  for (const { stripe } of customers)
    await world.receive(events.subscription('created', truth.subscribe(stripe, 'price_B')));
  const sync = createSync({ ...deps, stripe: { ...deps.stripe, listSubscriptions: slowly } });
  const waiting = () => database.knex('customer_sync').whereRaw('dirty_seq > synced_seq').orderBy('priority');

  expect(await sync()).toBe(1);
  expect(await waiting()).toMatchObject([{ lease_until: 0 }, { lease_until: 0 }, { lease_until: 0 }]);
  const claimed = vi.spyOn(truth.gateway, 'listSubscriptions');
  expect(await sync()).toBe(1);
  expect(claimed).toHaveBeenCalledTimes(1);
  expect(await waiting()).toHaveLength(2);

  function slowly(id: string) {
    clock.advance(300);
    return truth.gateway.listSubscriptions(id);
  }
});

test('a worker that starts into a backlog has one customer only, so that the rest can be read in bulk', async () => {
  const world = await billingWorld({ settings, customers });
  for (const { stripe } of customers)
    await world.receive(events.subscription('created', world.truth.subscribe(stripe, 'price_B')));
  const sync = createSync(world.deps);

  expect(await sync()).toBe(1);
  expect(await sync()).toBe(3);
});

test('where answers are there at once, two turns work and the rest leaves it to them', async () => {
  const world = await billingWorld({ settings, customers });
  for (const { stripe } of customers)
    await world.receive(events.subscription('created', world.truth.subscribe(stripe, 'price_B')));
  const sync = createSync(world.deps);
  await sync();
  const ended: number[] = [];

  const found = await Promise.all(
    [0, 1, 2].map(async (turn) => {
      const count = await sync();
      ended.push(turn);
      return count;
    }),
  );

  expect(found).toEqual([3, 0, 0]);
  expect(ended[0]).toBe(2);
});

test('two Stripe customers of one customer in one turn: the second sees what the first brought', async () => {
  const world = await billingWorld({ settings, customers: customers.slice(0, 1) });
  await world.lucy('customer link a@firm.com cus_second --reason "moved" --yes');
  const { truth } = world;
  for (const [stripe, price] of [
    ['cus_a', 'price_A'],
    ['cus_second', 'price_B'],
  ] as const)
    await world.receive(events.invoice('paid', truth.payInvoice(truth.subscribe(stripe, price).id)));

  expect(await syncMany(world.deps, 50)).toEqual(['synced', 'synced']);

  const { tier, credits, entitlementChanges } = await world.show('a@firm.com');
  expect({ tier, balance: credits.balance, changes: entitlementChanges.length }).toEqual({
    tier: 'pro',
    balance: 600,
    changes: 2,
  });
  expect(await findUnbalancedAccounts(world.database.knex)).toEqual([]);
});

test('when the shared transaction fails, each pass is committed on its own', async () => {
  const world = await billingWorld({ settings, customers });
  const { truth, deps, database } = world;
  for (const { stripe } of customers)
    await world.receive(events.invoice('paid', truth.payInvoice(truth.subscribe(stripe, 'price_B').id)));
  // Somebody else’s message under the key of one of theirs would be left alone; a row of the ledger must not be.
  const spoilt = (await database.knex('customers').where({ email: 'c@firm.com' }).first('id'))?.id;
  const crashPoint = (name: string) => {
    if (name !== 'sync about to commit' || isSpoilt) return;
    isSpoilt = true;
    throw new Error(`The batch ends here, before ${spoilt}`);
  };
  let isSpoilt = false;

  const results = await syncMany({ ...deps, crashPoint }, 50);

  expect(results).toEqual(['synced', 'synced', 'synced', 'synced']);
  for (const { email } of customers)
    expect(await world.show(email)).toMatchObject({ tier: 'pro', credits: { balance: 500 } });
  expect(await commitTogether(deps, [])).toEqual([]);
});

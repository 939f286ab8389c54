import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Database } from '#db/connection.ts';
import { findUnbalancedAccounts } from '#db/credit-proof.ts';
import type { BillingDeps, CrashPoint } from '#src/billing-events/deps.ts';
import { LEASE_MS } from '#src/billing-events/keep-lease.ts';
import { syncNext } from '#src/billing-events/sync-customer.ts';
import { type BillingWorld, billingWorld, type Customer, drain } from '#test/world/billing-world.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { events } from '#test/world/stripe-truth.ts';

/**
 * The model: plain maps of what is true at Stripe and what staff did. Whatever order events come in, however often,
 * from however many workers, with crashes anywhere, the customer must end with exactly this.
 */
type Step =
  | { do: 'subscribe'; price: 'price_A' | 'price_B' }
  | { do: 'switch'; sub: number; price: 'price_A' | 'price_B' }
  | { do: 'end'; sub: number }
  | { do: 'pay'; sub: number; twin: boolean }
  | { do: 'refund'; invoice: number; amount: number }
  | { do: 'grant'; count: number }
  | { do: 'spend'; count: number }
  | { do: 'deliver'; event: number; times: number }
  | { do: 'work' }
  | { do: 'crash'; at: CrashPoint }
  | { do: 'overtake' };

const price = fc.constantFrom('price_A' as const, 'price_B' as const);
const index = fc.nat(50);
const crashPoints: CrashPoint[] = [
  'sync claimed',
  'sync fetched',
  'sync writing',
  'sync about to commit',
  'sync committed',
];

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('subscribe' as const), price }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('switch' as const), sub: index, price }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end' as const), sub: index }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pay' as const), sub: index, twin: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('refund' as const),
      invoice: index,
      amount: fc.integer({ min: 1, max: 4_900 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('grant' as const), count: fc.integer({ min: 1, max: 300 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('spend' as const), count: fc.integer({ min: 1, max: 300 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      event: index,
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ do: 'work' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('crash' as const), at: fc.constantFrom(...crashPoints) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'overtake' as const }) },
);

const credits = { price_A: 100, price_B: 500 } as const;
const tiers = { price_A: 'starter', price_B: 'pro' } as const;

test('all orders, repetitions, bursts, two workers and crashes end in the same truth', async () => {
  const world = await billingWorld({ customers: [] });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
      const customer: Customer = { email: `c${++run}@firm.com`, stripe: `cus_c${run}` };
      await world.lucy(`customer add ${customer.email} --stripe ${customer.stripe} --reason "model" --yes`);
      const story = await tell(world, customer, steps);
      await story.finish();
      await compare(world, customer, story);
    }),
    { numRuns: testEngine === 'sqlite' ? 150 : 30, endOnFailure: false },
  );
}, 120_000);

type Story = Awaited<ReturnType<typeof tell>>;

async function tell(world: BillingWorld, customer: Customer, steps: readonly Step[]) {
  const { truth, deps, clock } = world;
  const subs: { id: string; price: 'price_A' | 'price_B'; isActive: boolean }[] = [];
  const invoices: { id: string; intent: string; granted: number; refunded: number }[] = [];
  const inFlight: { event: unknown; deliveries: number }[] = [];
  let staff = 0;
  const emit = (event: unknown) => void inFlight.push({ event, deliveries: 0 });
  const pick = <T>(list: readonly T[], at: number): T | undefined => list[at % Math.max(list.length, 1)];

  for (const action of steps) await act(action);
  return { subs, invoices, staffTotal: () => staff, finish };

  async function act(action: Step): Promise<void> {
    if (action.do === 'subscribe') {
      const made = truth.subscribe(customer.stripe, action.price);
      subs.push({ id: made.id, price: action.price, isActive: true });
      emit(events.subscription('created', made));
    } else if (action.do === 'switch' || action.do === 'end') {
      const sub = pick(subs, action.sub);
      const real = sub && truth.subscriptions.get(sub.id);
      if (!sub?.isActive || !real) return;
      if (action.do === 'end') Object.assign(real, { status: 'canceled', endedAt: clock.now() + 1 });
      else
        Object.assign(real.items[0] ?? {}, {
          priceId: action.price,
          lookupKey: truth.prices.get(action.price),
        });
      if (action.do === 'end') sub.isActive = false;
      else sub.price = action.price;
      // A burst within one second, as Stripe sends them.
      emit(events.subscription(action.do === 'end' ? 'deleted' : 'updated', real));
      emit(events.subscription('updated', real));
    } else if (action.do === 'pay') {
      const sub = pick(subs, action.sub);
      if (!sub?.isActive) return;
      const invoice = truth.payInvoice(sub.id);
      invoices.push({
        id: invoice.id,
        intent: invoice.paymentIntentId ?? '',
        granted: credits[sub.price],
        refunded: 0,
      });
      emit(events.invoice('paid', invoice));
      if (action.twin) emit(events.invoice('paid', invoice));
    } else if (action.do === 'refund') {
      const invoice = pick(invoices, action.invoice);
      if (!invoice) return;
      const amount = Math.min(action.amount, 4_900 - invoice.refunded);
      if (amount <= 0) return;
      truth.refund(invoice.intent, amount);
      invoice.refunded += amount;
      emit(events.refund('created', invoice.intent, customer.stripe));
    } else if (action.do === 'grant') {
      const { code } = await world.lucy(
        `credits grant ${customer.email} ${action.count} --reason "model" --yes`,
      );
      expect(code).toBe(0);
      staff += action.count;
    } else if (action.do === 'spend') {
      const { code } = await world.lucy(
        `credits consume ${customer.email} ${action.count} --reason "model" --yes`,
      );
      if (code === 0) staff -= action.count;
    } else if (action.do === 'deliver') {
      const waiting = pick(inFlight, action.event);
      if (!waiting) return;
      for (let times = 0; times < action.times; times++) await world.receive(waiting.event);
      waiting.deliveries += action.times;
    } else if (action.do === 'work') await syncNext(deps);
    else if (action.do === 'crash') await crashAt(deps, action.at);
    else await overtake(world);
    expect(await findUnbalancedAccounts(world.database.knex)).toEqual([]);
  }

  async function finish(): Promise<void> {
    for (const { event, deliveries } of inFlight.reverse()) if (deliveries === 0) await world.receive(event);
    // Leases of workers that died run out; then everything comes to rest.
    clock.advance(LEASE_MS + 1);
    await drain(deps);
    clock.advance(LEASE_MS + 1);
    await drain(deps);
  }
}

async function compare(world: BillingWorld, customer: Customer, story: Story): Promise<void> {
  const shown = await world.show(customer.email);
  const active = story.subs.filter((sub) => sub.isActive).map((sub) => tiers[sub.price]);
  expect(shown.tier).toBe(active.includes('pro') ? 'pro' : (active[0] ?? 'free'));
  const kept = story.invoices.reduce(
    (sum, invoice) => sum + invoice.granted - Math.floor((invoice.granted * invoice.refunded) / 4_900),
    0,
  );
  expect(shown.credits.balance).toBeGreaterThanOrEqual(0);
  expect(shown.credits.balance - shown.credits.debt).toBe(kept + story.staffTotal());
  const { knex } = world.database;
  const [{ id }] = await knex('customers').where({ email: customer.email });
  const versions = await knex('entitlement_changes')
    .where({ customer_id: id })
    .orderBy('version')
    .pluck('version');
  expect(versions).toEqual(versions.map((_version: number, at: number) => at + 1));
  const told = await knex('outbox').where('dedupe_key', 'like', `entitlement_change:${id}:%`);
  expect(told).toHaveLength(versions.length);
  expect(
    await knex('stripe_events').where({ stripe_customer_id: customer.stripe }).whereNot({ status: 'done' }),
  ).toEqual([]);
}

/** A worker that is killed at this point: from then on nothing it does reaches the database. */
async function crashAt(deps: BillingDeps, at: CrashPoint): Promise<void> {
  let isDead = false;
  const mortal: Database = {
    get knex() {
      if (isDead) throw new Error('killed');
      return deps.database.knex;
    },
    engine: deps.database.engine,
    close: async () => {},
  };
  const crashPoint = (name: CrashPoint) => {
    if (name !== at) return;
    isDead = true;
    throw new Error('killed');
  };
  await syncNext({ ...deps, database: mortal, crashPoint }).catch(() => {});
}

/** One worker stalls past its lease in the middle of its fetch; another does the work; then the first goes on. */
async function overtake(world: BillingWorld): Promise<void> {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const stalled = syncNext({
    ...world.deps,
    stripe: {
      ...world.deps.stripe,
      listSubscriptions: async (customer) => {
        const answer = await world.truth.gateway.listSubscriptions(customer);
        await held;
        return answer;
      },
    },
  });
  await Promise.race([stalled, new Promise((resolve) => setTimeout(resolve, 15))]);
  world.clock.advance(LEASE_MS + 1);
  const overtaker = await syncNext(world.deps);
  release();
  // Whoever was overtaken must not have kept anything of its older answer.
  if (overtaker === 'synced') expect(await stalled).not.toBe('synced');
  else await stalled;
}

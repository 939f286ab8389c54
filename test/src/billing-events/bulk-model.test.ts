import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findUnbalancedAccounts } from '#db/credit-proof.ts';
import { refreshInBulk } from '#src/billing-events/bulk-refresh.ts';
import type { CrashPoint } from '#src/billing-events/deps.ts';
import { LEASE_MS } from '#src/billing-events/keep-lease.ts';
import { syncNext } from '#src/billing-events/sync-customer.ts';
import { type BillingWorld, billingWorld, type Customer } from '#test/world/billing-world.ts';
import { bulkFrom, mortal, overtakeBulk, settle } from '#test/world/bulk-world.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { events } from '#test/world/stripe-truth.ts';
import { stripeEvent } from '#test/world/webhook-world.ts';

/**
 * A backlog of several customers, read from pages while Stripe goes on changing, with duplicates, reorderings,
 * deletions, crashes and two workers: each customer must end with exactly what is true at Stripe.
 */
type Price = 'price_A' | 'price_B';
type Change =
  | { do: 'subscribe'; who: number; price: Price }
  | { do: 'switch'; who: number; sub: number; price: Price }
  | { do: 'end'; who: number; sub: number }
  | { do: 'pay'; who: number; sub: number; twin: boolean }
  | { do: 'refund'; who: number; invoice: number; amount: number }
  | { do: 'delete'; who: number }
  | { do: 'deliver'; event: number; times: number };
type Step =
  | Change
  | { do: 'deliver all' }
  | { do: 'work' }
  | { do: 'bulk'; meanwhile: Change[] }
  | { do: 'crash bulk'; at: CrashPoint; after: number }
  | { do: 'crash pass'; at: CrashPoint }
  | { do: 'overtake' };

const CUSTOMERS = 6;
const credits = { price_A: 100, price_B: 500 } as const;
const tiers = { price_A: 'starter', price_B: 'pro' } as const;

const who = fc.nat(CUSTOMERS - 1);
const index = fc.nat(50);
const price = fc.constantFrom<Price>('price_A', 'price_B');
const is = <T extends string>(name: T) => fc.constant(name);

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: is('subscribe'), who, price }) },
  { weight: 2, arbitrary: fc.record({ do: is('switch'), who, sub: index, price }) },
  { weight: 1, arbitrary: fc.record({ do: is('end'), who, sub: index }) },
  { weight: 5, arbitrary: fc.record({ do: is('pay'), who, sub: index, twin: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: is('refund'),
      who,
      invoice: index,
      amount: fc.integer({ min: 1, max: 4_900 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: is('delete'), who }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: is('deliver'), event: index, times: fc.integer({ min: 1, max: 3 }) }),
  },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: change },
  { weight: 3, arbitrary: fc.record({ do: is('deliver all') }) },
  { weight: 2, arbitrary: fc.record({ do: is('work') }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: is('bulk'), meanwhile: fc.array(change, { maxLength: 4 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: is('crash bulk'),
      at: fc.constantFrom<CrashPoint>('bulk step asked', 'bulk step taken'),
      after: fc.nat(8),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: is('crash pass'),
      at: fc.constantFrom<CrashPoint>('sync fetched', 'sync about to commit', 'sync committed'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: is('overtake') }) },
);

test('a backlog read from pages ends in the same truth, whatever happens meanwhile', async () => {
  const world = await billingWorld({ customers: [], settings: bulkFrom(2) });
  world.truth.pageSize = 3;
  let run = 0;
  let pages = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 45 }), async (steps) => {
      run++;
      const customers = Array.from({ length: CUSTOMERS }, (_none, at) => ({
        email: `c${run}-${at}@firm.com`,
        stripe: `cus_c${run}_${at}`,
      }));
      for (const { email, stripe } of customers)
        await world.lucy(`customer add ${email} --stripe ${stripe} --reason "model" --yes`);
      await forgetBefore(world);
      const story = await tell(world, customers, steps);
      await story.finish();
      await settle(world);
      for (const [at, customer] of customers.entries()) await compare(world, customer, story.of(at));
      expect(await findUnbalancedAccounts(world.database.knex)).toEqual([]);
      pages += world.truth.calls.filter((name) => name === 'listSubscriptionPage').length;
    }),
    { numRuns: testEngine === 'sqlite' ? 60 : 15, endOnFailure: false },
  );
  // The stories must have been about what they claim to be about.
  expect(pages).toBeGreaterThan(run);
}, 240_000);

/** Stripe's lists hold only the customers of this story. */
async function forgetBefore(world: BillingWorld): Promise<void> {
  const { truth, database } = world;
  truth.subscriptions.clear();
  truth.invoices.clear();
  truth.calls.length = 0;
  await settle(world);
  await database.knex('bulk_refreshes').delete();
  await database.knex('installation').where({ name: 'bulk_pages' }).delete();
}

type Sub = { id: string; price: Price; isActive: boolean };
type Paid = { id: string; intent: string; granted: number; refunded: number };

async function tell(world: BillingWorld, customers: readonly Customer[], steps: readonly Step[]) {
  const { truth, deps, clock } = world;
  const lives = customers.map((customer) => ({
    customer,
    subs: [] as Sub[],
    invoices: [] as Paid[],
    isDeleted: false,
  }));
  const inFlight: { event: unknown; deliveries: number }[] = [];
  const emit = (event: unknown) => void inFlight.push({ event, deliveries: 0 });
  const pick = <T>(list: readonly T[], at: number): T | undefined => list[at % Math.max(list.length, 1)];
  const lifeOf = (at: number) => {
    const life = lives[at];
    if (!life) throw new Error('no such customer');
    return life;
  };

  for (const action of steps) await act(action);
  return { of: lifeOf, finish };

  async function act(action: Step): Promise<void> {
    if (action.do === 'work') await syncNext(deps);
    else if (action.do === 'deliver all') await deliverAll();
    else if (action.do === 'bulk') await bulk(action.meanwhile);
    else if (action.do === 'overtake') await overtakeBulk(world);
    else if (action.do === 'crash bulk') {
      await refreshInBulk(mortal(deps, action.at, action.after)).catch(() => {});
      clock.advance(LEASE_MS + 1);
    } else if (action.do === 'crash pass') await syncNext(mortal(deps, action.at)).catch(() => {});
    else await happen(action);
  }

  async function bulk(meanwhile: Change[]): Promise<void> {
    const waiting = [...meanwhile];
    truth.onCall = async () => {
      const next = waiting.shift();
      if (next) await happen(next);
    };
    await refreshInBulk(deps);
    truth.onCall = () => {};
  }

  async function happen(action: Change): Promise<void> {
    if (action.do === 'deliver') return deliver(pick(inFlight, action.event), action.times);
    const life = lifeOf(action.who);
    if (life.isDeleted && action.do !== 'refund') return;
    if (action.do === 'subscribe') {
      const made = truth.subscribe(life.customer.stripe, action.price);
      life.subs.push({ id: made.id, price: action.price, isActive: true });
      return emit(events.subscription('created', made));
    }
    if (action.do === 'delete') {
      life.isDeleted = true;
      truth.deleted.add(life.customer.stripe);
      for (const sub of life.subs) endSub(sub);
      return emit(stripeEvent('customer.deleted', { id: life.customer.stripe, object: 'customer' }));
    }
    if (action.do === 'refund') {
      const invoice = pick(life.invoices, action.invoice);
      const amount = invoice ? Math.min(action.amount, 4_900 - invoice.refunded) : 0;
      if (!invoice || amount <= 0) return;
      truth.refund(invoice.intent, amount);
      invoice.refunded += amount;
      return emit(events.refund('created', invoice.intent, life.customer.stripe));
    }
    const sub = pick(life.subs, action.sub);
    const real = sub && truth.subscriptions.get(sub.id);
    if (!sub?.isActive || !real) return;
    if (action.do === 'pay') {
      const invoice = truth.payInvoice(sub.id);
      life.invoices.push({
        id: invoice.id,
        intent: invoice.paymentIntentId ?? '',
        granted: credits[sub.price],
        refunded: 0,
      });
      emit(events.invoice('paid', invoice));
      if (action.twin) emit(events.invoice('paid', invoice));
    } else if (action.do === 'end') {
      endSub(sub);
      emit(events.subscription('deleted', real));
    } else {
      Object.assign(real.items[0] ?? {}, {
        priceId: action.price,
        lookupKey: truth.prices.get(action.price),
      });
      sub.price = action.price;
      emit(events.subscription('updated', real));
    }
  }

  function endSub(sub: Sub): void {
    sub.isActive = false;
    const real = truth.subscriptions.get(sub.id);
    if (real?.endedAt === null) Object.assign(real, { status: 'canceled', endedAt: clock.now() + 1 });
  }

  async function deliver(waiting: { event: unknown; deliveries: number } | undefined, times: number) {
    if (!waiting) return;
    for (let time = 0; time < times; time++) await world.receive(waiting.event);
    waiting.deliveries += times;
  }

  async function deliverAll(): Promise<void> {
    for (const waiting of inFlight) if (waiting.deliveries === 0) await deliver(waiting, 1);
  }

  async function finish(): Promise<void> {
    inFlight.reverse();
    await deliverAll();
  }
}

async function compare(
  world: BillingWorld,
  customer: Customer,
  life: { subs: Sub[]; invoices: Paid[] },
): Promise<void> {
  const shown = await world.show(customer.email);
  const active = life.subs.filter((sub) => sub.isActive).map((sub) => tiers[sub.price]);
  expect(shown.tier).toBe(active.includes('pro') ? 'pro' : (active[0] ?? 'free'));
  const kept = life.invoices.reduce(
    (sum, invoice) => sum + invoice.granted - Math.floor((invoice.granted * invoice.refunded) / 4_900),
    0,
  );
  expect(shown.credits.balance - shown.credits.debt).toBe(kept);
  const { knex } = world.database;
  const [{ id }] = await knex('customers').where({ email: customer.email });
  const versions = await knex('entitlement_changes')
    .where({ customer_id: id })
    .orderBy('version')
    .pluck('version');
  expect(versions).toEqual(versions.map((_version: number, at: number) => at + 1));
  expect(
    await knex('stripe_events').where({ stripe_customer_id: customer.stripe }).whereNot({ status: 'done' }),
  ).toEqual([]);
}

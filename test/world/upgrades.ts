import type { Fleet } from './fleet.ts';

type Customer = { id: string; stripe: string; email: string };

const CREDITS = 500;
const LOOK_EVERY_MS = 50;
/** Ends a wait that nothing will end; a slow machine does not come near it. */
const PATIENCE_MS = 120_000;
const REPEAT = 'may repeat';

export type Upgrades = {
  /** The next customer upgrades at Stripe, which sends until it is taken. Resolves with the ms from then to the tier. */
  upgrade(): Promise<number>;
  /** Whose turn it is next, as Stripe names them. */
  next(): string | undefined;
  /** Waits until all is settled, and counts what is wrong. */
  settle(spent: ReadonlySet<string>): Promise<Whole>;
};

/** Zero everywhere but in `marked`: messages that say themselves that they may be there twice. */
export type Whole = { lost: number; doubled: number; negative: number; marked: number };

/** Customers who upgrade one after the other, and the account of all that must have come of it. */
export function upgrading(fleet: Fleet, customers: readonly Customer[]): Upgrades {
  const { stripe, slack } = fleet;
  const waiting = [...customers];
  const upgraded: Customer[] = [];
  const taken = new Set<string>();

  /** Asks until it holds, through whatever fails meanwhile. */
  async function until<T>(ask: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const value = await ask().then(
        (got) => ({ got }),
        (error: unknown) => ({ error }),
      );
      if ('got' in value && holds(value.got)) return value.got;
      if (performance.now() > deadline) throw new Error(`Never came to be: ${JSON.stringify(value)}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  async function send(eventId: string): Promise<void> {
    await until(
      async () => (await stripe.deliver(eventId))[0]?.status,
      (status) => status === 200,
    );
    taken.add(eventId);
  }

  async function upgrade(): Promise<number> {
    const customer = waiting.shift();
    if (!customer) throw new Error('Every customer has upgraded: add more');
    stripe.world.subscribe(customer.stripe, 'pro_monthly');
    const events = ['customer.subscription.created', 'invoice.paid'].map((type) => stripe.lastEvent(type).id);
    upgraded.push(customer);
    // Each twice, as Stripe may.
    for (const id of [...events, ...events]) await send(id);
    const since = performance.now();
    await until(
      () => fleet.database.knex('entitlements').where({ customer_id: customer.id }).first(),
      (row) => row?.tier === 'pro',
    );
    return performance.now() - since;
  }

  /** The tier comes before the credits of an invoice, and the messages after both. */
  async function allSettled(): Promise<void> {
    const { knex } = fleet.database;
    const ids = upgraded.map(({ id }) => id);
    await until(
      () =>
        knex('credit_lots as l')
          .join('credit_accounts as a', 'a.id', 'l.account_id')
          .whereIn('a.customer_id', ids),
      (lots) => lots.length >= ids.length,
    );
    await until(
      () => knex('outbox').whereIn('state', ['pending', 'sending']),
      (rows) => rows.length === 0,
    );
  }

  async function settle(spent: ReadonlySet<string>): Promise<Whole> {
    await allSettled();
    const { knex } = fleet.database;
    const ids = upgraded.map(({ id }) => id);
    const stored = new Set(await knex('stripe_events').pluck('id'));
    const spends: string[] = await knex('credit_entries').where({ type: 'spend' }).pluck('source_id');
    const changes: string[] = await knex('entitlement_changes')
      .whereIn('customer_id', ids)
      .pluck('customer_id');
    const balances = await knex('credit_accounts').whereIn('customer_id', ids);
    const told = slack.messages('#lucy-entitlements').map(({ text, reads }) => ({
      emails: text.match(/c\d+@firm\.com/g) ?? [],
      isMarked: reads.includes(REPEAT),
    }));
    const plain = told.filter(({ isMarked }) => !isMarked).flatMap(({ emails }) => emails);
    const all = told.flatMap(({ emails }) => emails);
    const entries: { account_id: string; total: unknown }[] = await knex('credit_entries')
      .groupBy('account_id')
      .select('account_id')
      .sum({ total: 'amount' });
    const sums = new Map(entries.map(({ account_id, total }) => [account_id, Number(total)]));
    const accounts = await knex('credit_accounts');
    return {
      lost: sum([
        [...taken].filter((id) => !stored.has(id)).length,
        [...spent].filter((key) => !spends.includes(key)).length,
        ids.filter((id) => !changes.includes(id)).length,
        balances.filter(({ balance }) => Number(balance) < CREDITS).length,
        upgraded.filter(({ email }) => !all.includes(email)).length,
      ]),
      doubled: sum([
        spends.length - new Set(spends).size,
        spends.filter((key) => !spent.has(key)).length,
        changes.length - new Set(changes).size,
        balances.filter(({ balance }) => Number(balance) > CREDITS).length,
        plain.length - new Set(plain).size,
      ]),
      negative: accounts.filter(
        ({ id, balance }) => Number(balance) < 0 || Number(balance) !== (sums.get(id) ?? 0),
      ).length,
      marked: all.length - plain.length,
    };
  }

  return { upgrade, next: () => waiting[0]?.stripe, settle };
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

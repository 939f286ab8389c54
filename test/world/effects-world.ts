import { onTestFinished } from 'vitest';
import type { Database } from '#db/connection.ts';
import { insertCustomerIfNew } from '#db/customers.ts';
import { listEffectsOfRun, type StripeEffectRow, type StripeEffectState } from '#db/stripe-effects.ts';
import { inTransaction } from '#db/transaction.ts';
import { startLocalStripe } from '#sandbox/stripe/local-stripe.ts';
import type { LocalStripe } from '#sandbox/stripe/local-stripe-types.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#src/core/clock.ts';
import { createLog } from '#src/core/log.ts';
import { createStripeGateway } from '#src/gateways/stripe-client.ts';
import { carryEffects } from '#src/stripe-effects/carry-effects.ts';
import type { CrashPoint, EffectsDeps } from '#src/stripe-effects/deps.ts';
import { queueEffects } from '#src/stripe-effects/queue-effects.ts';
import type { WantedEffect, WantedRefund } from '#src/stripe-effects/wanted-effect.ts';
import { freshDatabase } from './fresh-database.ts';
import { staff } from './terminal-world.ts';
import { testCause } from './test-cause.ts';
import { type TestClock, testClock } from './test-clock.ts';

export type EffectsWorld = {
  database: Database;
  clock: TestClock;
  stripe: LocalStripe;
  deps: EffectsDeps;
  /** Each change that people are shown: `queued → sending`. */
  seen: string[];
  customer: string;
  /** A payment of Sofia's, of $49.00. */
  pay(): string;
  /** Writes down what an approval decided; answers with the run. */
  approve(...effects: WantedEffect[]): Promise<string>;
  /** Works until there is nothing to do now. */
  work(): Promise<void>;
  /** Lets time go by, and works whenever something falls due. */
  wait(ms: number): Promise<void>;
  effects(runId: string): Promise<StripeEffectRow[]>;
  /** The states of a run's effects. */
  states(runId: string): Promise<StripeEffectState[]>;
  /** What was posted to make refunds: key and status of each request. */
  posts(): { key: string | null; status: number | null }[];
  /** Refunds that the local Stripe's own tables hold for a charge. */
  refundsOf(chargeId: string): { id: string; amount: number; status: string }[];
  /** What billing was told. */
  told(): Promise<string[]>;
};

/** Effects on a database of their own, the real SDK, and a local Stripe by the same clock. */
export async function effectsWorld(): Promise<EffectsWorld> {
  const { database } = await freshDatabase();
  const clock = testClock();
  const stripe = await startLocalStripe({
    secretKey: 'sk_test_x',
    webhookSecret: 'whsec_x',
    webhookUrl: () => 'http://127.0.0.1:9',
    autoDeliver: false,
    now: clock.now,
  });
  onTestFinished(() => stripe.close());
  const seen: string[] = [];
  const deps: EffectsDeps = {
    database,
    stripe: createStripeGateway({ secretKey: 'sk_test_x', apiBase: stripe.url }),
    clock,
    log: createLog('silent'),
    random: () => 0.5,
    async onChange(_sql, _cause, effect, before) {
      seen.push(`${before} → ${effect.state}`);
    },
  };
  const customer = stripe.world.createCustomer({ email: 'sofia@firm.com', name: 'Sofia' }).id;
  const owner = { id: 'cust_sofia', email: 'sofia@firm.com', name: 'Sofia', email_verified_at: null };
  await insertCustomerIfNew(database.knex, { ...owner, created_at: clock.now() });
  let runs = 0;

  const world: EffectsWorld = {
    database,
    clock,
    stripe,
    deps,
    seen,
    customer,
    pay() {
      stripe.world.subscribe(customer, 'pro_monthly');
      return stripe.world.lastPaidChargeOf(customer)?.id ?? '';
    },
    async approve(...effects) {
      const runId = `run_${++runs}`;
      const by = [{ person: 'bea', name: 'Bea', at: clock.now() }];
      const cause = testCause(clock.now(), {
        actor: staff('support'),
        reason: 'charged twice',
        ticket: 'ZD-1',
        approval: { id: `apr_${runs}`, by },
        runId,
      });
      await inTransaction(database, (sql) =>
        queueEffects(sql, cause, { runId, customerId: owner.id, effects }),
      );
      return runId;
    },
    work: () => work(deps),
    async wait(ms) {
      const end = clock.now() + ms;
      for (;;) {
        const next = await nextAt(database);
        if (next === null || next > end) break;
        clock.set(Math.max(next, clock.now()) + 1);
        await work(deps);
      }
      clock.set(Math.max(end, clock.now()));
    },
    effects: (runId) => listEffectsOfRun(database.knex, runId),
    states: async (runId) => (await listEffectsOfRun(database.knex, runId)).map((effect) => effect.state),
    posts: () =>
      stripe.requests
        .filter(({ method, path }) => method === 'POST' && path === '/v1/refunds')
        .map(({ idempotencyKey, status }) => ({ key: idempotencyKey, status })),
    refundsOf: (chargeId) =>
      stripe.world.tables.refunds.of(chargeId).map(({ id, amount, status }) => ({ id, amount, status })),
    async told() {
      const rows: { payload: string }[] = await database
        .knex('outbox')
        .where({ target: 'billing' })
        .orderBy('id');
      return rows.map((row) => JSON.parse(row.payload).title);
    },
  };
  return world;
}

export function refundOf(chargeId: string, patch: Partial<WantedRefund> = {}): WantedRefund {
  return {
    kind: 'refund',
    chargeId,
    paymentIntentId: null,
    amount: 4_900,
    currency: 'usd',
    stripeReason: 'requested_by_customer',
    refundedBefore: 0,
    ...patch,
  };
}

async function work(deps: EffectsDeps): Promise<void> {
  for (let looks = 0; looks < 1_000; looks++) if ((await carryEffects(deps)) === 0) return;
  throw new Error('The worker never came to rest');
}

/** When something falls due; a lease that somebody left behind counts, too. */
async function nextAt(database: Database): Promise<number | null> {
  const rows: StripeEffectRow[] = await database.knex('stripe_effects').whereNotNull('next_attempt_at');
  const due = rows
    .filter(({ seq, run_id }) => !rows.some((row) => row.run_id === run_id && row.seq < seq && isOpen(row)))
    .map((row) => Math.max(row.next_attempt_at ?? 0, row.lease_until ?? 0));
  return due.length > 0 ? Math.min(...due) : null;
}

const isOpen = ({ state }: StripeEffectRow) =>
  state === 'queued' || state === 'sending' || state === 'unknown';

/** A process that dies at this place: whatever it would have done afterwards does not happen. */
export async function dieAt(deps: EffectsDeps, at: CrashPoint): Promise<boolean> {
  let isDead = false;
  const check = () => {
    if (isDead) throw new Error('This process is dead');
  };
  const mortal: EffectsDeps = {
    ...deps,
    database: {
      get knex() {
        check();
        return deps.database.knex;
      },
      engine: deps.database.engine,
      close: async () => {},
    },
    stripe: new Proxy(deps.stripe, {
      get(target, name, receiver) {
        check();
        return Reflect.get(target, name, receiver);
      },
    }),
    crashPoint(name) {
      if (name !== at) return;
      isDead = true;
      throw new Error('killed');
    },
  };
  await carryEffects(mortal).catch(() => {});
  return isDead;
}

export const seconds = (count: number) => count * SECOND_MS;
export const minutes = (count: number) => count * MINUTE_MS;
export const hours = (count: number) => count * HOUR_MS;

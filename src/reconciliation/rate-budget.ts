import type { Database } from '#db/connection.ts';
import { findBudget, lockBudget, type RateBudgetRow, updateBudget } from '#db/rate-budgets.ts';
import { inTransaction } from '#db/transaction.ts';
import { type Clock, MINUTE_MS, SECOND_MS } from '#src/core/clock.ts';
import { StripeAway } from '#src/gateways/stripe-errors.ts';

/** Requests that all processes together may send in a second, one by one and never in a burst. */
export type RateBudget = {
  /** Comes back when it is this request's turn; @throws StripeAway when that is too far off to wait for. */
  take(): Promise<void>;
  /** How long somebody who came now would wait for a turn, at least, as far as this process knows; milliseconds. */
  leadMs(): number;
  /** The service said “too fast”: everybody halves the pace, and waits as long as it asked. */
  slowDown(retryAfterMs: number | null): Promise<void>;
};

const NAME = 'stripe_lists';
const MICROS = 1_000;
/** The pace comes back by so many requests a second, each second. */
const RECOVERY = 2;
/** A process takes turns for an eighth of a second at once, so that the database is not asked for each. */
const TURNS_PER_SECOND = 8;
const RETRY_MS = SECOND_MS;
const WAIT_MAX_MS = 10 * SECOND_MS;

type Turns = { nextUs: number; stepUs: number; left: number };

/**
 * A shared queue of turns in the database (docs.stripe.com/rate-limits: 25 a second for an endpoint, 429 beyond).
 * Additive increase, multiplicative decrease, as congestion is met everywhere; a person's request takes no turn.
 */
export function createRateBudget(deps: {
  database: Database;
  clock: Clock;
  pause(ms: number): Promise<void>;
  perSecond: number;
}): RateBudget {
  const { database, clock, pause, perSecond } = deps;
  const fresh: RateBudgetRow = {
    name: NAME,
    next_at_us: 0,
    per_minute: perSecond * 60,
    slowed_at: 0,
    refusals: 0,
  };
  let turns: Turns = { nextUs: 0, stepUs: 1, left: 0 };
  let queue: Promise<unknown> = Promise.resolve();

  async function reserve(): Promise<Turns> {
    const count = Math.max(1, Math.floor(perSecond / TURNS_PER_SECOND));
    return inTransaction(database, async (sql) => {
      const now = clock.now();
      const row = await lockBudget(sql, fresh);
      const stepUs = Math.ceil((MINUTE_MS * MICROS) / paceOf(row, perSecond, now));
      const startUs = Math.max(row.next_at_us, now * MICROS);
      await updateBudget(sql, { ...row, next_at_us: startUs + count * stepUs });
      return { nextUs: startUs, stepUs, left: count };
    });
  }

  async function next(): Promise<number> {
    turns = withoutStale(turns, clock.now());
    if (turns.left === 0) turns = await reserve();
    const at = turns.nextUs;
    turns = { ...turns, nextUs: at + turns.stepUs, left: turns.left - 1 };
    return at / MICROS;
  }

  return {
    async take() {
      const mine = queue.then(next);
      queue = mine.catch(() => {});
      const waitMs = (await mine) - clock.now();
      // Nobody sits and waits for long: a process that is to stop could not.
      if (waitMs > WAIT_MAX_MS) throw new StripeAway('Stripe asked to slow down', waitMs, 'not_done', true);
      for (let at = await mine, left = at - clock.now(); left > 0; left = at - clock.now())
        await pause(Math.ceil(left));
    },
    leadMs: () => Math.max(0, turns.nextUs / MICROS - clock.now()),
    async slowDown(retryAfterMs) {
      turns = { ...turns, left: 0 };
      await inTransaction(database, async (sql) => {
        const now = clock.now();
        const row = await lockBudget(sql, fresh);
        const untilUs = (now + (retryAfterMs ?? RETRY_MS)) * MICROS;
        // Those who were refused together slow everybody down once.
        const isAgain = now - row.slowed_at < SECOND_MS;
        const halved = Math.max(60, Math.floor(paceOf(row, perSecond, now) / 2));
        await updateBudget(sql, {
          ...row,
          next_at_us: Math.max(row.next_at_us, untilUs),
          per_minute: isAgain ? row.per_minute : halved,
          slowed_at: isAgain ? row.slowed_at : now,
          refusals: row.refusals + 1,
        });
      });
    },
  };
}

/** Turns that went by unused are lost: sent now, they would be a burst. */
function withoutStale({ nextUs, stepUs, left }: Turns, now: number): Turns {
  const lost = Math.min(left, Math.max(0, Math.ceil((now * MICROS - nextUs - stepUs) / stepUs)));
  return { nextUs: nextUs + lost * stepUs, stepUs, left: left - lost };
}

/** Requests a minute that are right now; what was slowed down recovers with time. */
function paceOf(row: RateBudgetRow, perSecond: number, now: number): number {
  const most = perSecond * 60;
  if (row.slowed_at === 0) return most;
  const recovered = (Math.max(0, now - row.slowed_at) / SECOND_MS) * RECOVERY * 60;
  return Math.min(most, Math.floor(row.per_minute + recovered));
}

/** How often Stripe said “too fast” so far. */
export async function readRefusals(database: Database): Promise<number> {
  return (await findBudget(database.knex, NAME))?.refusals ?? 0;
}

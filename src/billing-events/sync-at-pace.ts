import type { BillingDeps } from './deps.ts';
import { TURN_MS } from './fetch-turn.ts';
import { syncTurn } from './sync-customer.ts';

/** So many share a commit at most: on SQLite they hold the one connection for some ten milliseconds. */
const TOGETHER_MAX = 64;
/**
 * Where Stripe's answers are there at once, nobody waits for anything but the database: one turn decides while another one's
 * rows are written. More of them would share out the same customers in smaller batches, and keep webhooks waiting.
 */
const TURNS_AT_ONCE = 2;

/**
 * Passes, as many at a time as Stripe answered for in one turn the last time: where it takes its time that is one, whose
 * tier then waits for nobody else; where answers are there already, read in bulk (decision 0009), dozens share what a
 * commit costs. Returns how many were synced.
 */
export function createSync(deps: BillingDeps): () => Promise<number> {
  // Nothing is known of Stripe's pace yet, and whom a turn has but does not come to, no bulk refresh can read.
  let most = 1;
  let underWay = 0;
  return async () => {
    // Who is under way goes straight on to the next turn, so nobody is left waiting.
    if (most === TOGETHER_MAX && underWay >= TURNS_AT_ONCE) return 0;
    underWay += 1;
    const { results, fetchMs } = await syncTurn(deps, most).finally(() => {
      underWay -= 1;
    });
    if (fetchMs !== null)
      most = Math.max(1, Math.min(TOGETHER_MAX, Math.floor(TURN_MS / Math.max(fetchMs, 1))));
    return results.filter((result) => result === 'synced').length;
  };
}

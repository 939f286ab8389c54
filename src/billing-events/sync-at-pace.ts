import type { BillingDeps } from './deps.ts';
import { TURN_MS } from './fetch-turn.ts';
import { syncTurn } from './sync-customer.ts';

/** So many share a commit at most: on SQLite they hold the one connection for some ten milliseconds. */
const TOGETHER_MAX = 64;

/**
 * Passes, as many at a time as Stripe answered for in one turn the last time: where it takes its time that is one, whose
 * tier then waits for nobody else; where answers are there already, read in bulk (decision 0009), dozens share what a
 * commit costs. Returns how many were synced.
 */
export function createSync(deps: BillingDeps): () => Promise<number> {
  // Nothing is known of Stripe's pace yet, and whom a turn has but does not come to, no bulk refresh can read.
  let most = 1;
  return async () => {
    const { results, fetchMs } = await syncTurn(deps, most);
    if (fetchMs !== null)
      most = Math.max(1, Math.min(TOGETHER_MAX, Math.floor(TURN_MS / Math.max(fetchMs, 1))));
    return results.filter((result) => result === 'synced').length;
  };
}

import type { ReconcileRunRow } from '#db/reconcile-runs.ts';
import { hasSpareShard } from '#db/reconcile-shards.ts';
import { SECOND_MS } from '#src/core/clock.ts';
import type { ReconcileDeps } from './deps.ts';
import type { Lanes } from './lanes.ts';
import type { RateBudget } from './rate-budget.ts';
import { stripeLists } from './read-lists.ts';

/**
 * Whether more could read than there are pieces: somebody rests here, or nothing is left for other processes. Every piece
 * ends with a page that is not full, so dividing before anybody needs it costs calls to Stripe.
 */
export function fewPieces(
  { clock, database }: ReconcileDeps,
  run: ReconcileRunRow,
  lanes: Pick<Lanes, 'areResting'>,
  budget: Pick<RateBudget, 'leadMs'>,
): () => Promise<boolean> {
  let nextLookAt = 0;
  return async () => {
    if (lanes.areResting()) return true;
    const now = clock.now();
    // Where turns are waited for, another process would only wait for them, too.
    if (now < nextLookAt || budget.leadMs() > 0) return false;
    nextLookAt = now + SECOND_MS;
    return !(await hasSpareShard(database.knex, run.id, stripeLists, now));
  };
}

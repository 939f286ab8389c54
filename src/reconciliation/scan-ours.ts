import type { ReconcileRunRow } from '#db/reconcile-runs.ts';
import { listEntitledByNothing, listOtherMode } from '#db/reconcile-scan.ts';
import { advanceShard, type ListName, type ReconcileShardRow } from '#db/reconcile-shards.ts';
import { inTransaction } from '#db/transaction.ts';
import { lowestTier } from '#src/core/settings.ts';
import type { Suspicion } from './compare-page.ts';
import type { ReconcileDeps } from './deps.ts';
import { keepSuspects } from './keep-suspects.ts';
import { LEASE_MS } from './read-shard.ts';

export const ourLists: readonly ListName[] = ['our_other_mode', 'our_entitlements'];

const ROWS = 1_000;

/** What no list of Stripe's can show: read when those are at their end. */
export async function scanOurs(
  deps: ReconcileDeps,
  run: ReconcileRunRow,
  claimed: ReconcileShardRow,
): Promise<void> {
  let shard = claimed;
  while (shard.state === 'open') {
    const read = await (shard.list === 'our_other_mode' ? otherMode : entitled)(deps, run, shard.cursor);
    const next: ReconcileShardRow = {
      ...shard,
      cursor: read.last ?? shard.cursor,
      pages: shard.pages + 1,
      seen: shard.seen + read.count,
      state: read.count < ROWS ? 'done' : 'open',
    };
    const isOurs = await inTransaction(deps.database, async (sql) => {
      const now = deps.clock.now();
      const { cursor, pages, seen, state } = next;
      const patch = { cursor, pages, seen, state, lease_until: now + LEASE_MS };
      if (!(await advanceShard(sql, shard.id, claimed.lease_token ?? '', patch))) return false;
      await keepSuspects(sql, run.id, read.suspicions, now);
      return true;
    });
    if (!isOurs) return;
    shard = next;
  }
}

type Read = { suspicions: Suspicion[]; count: number; last: string | null };

/** Mirrored from the other mode: the key was changed, or a test object came into the live books. */
async function otherMode(deps: ReconcileDeps, run: ReconcileRunRow, after: string | null): Promise<Read> {
  const rows = await listOtherMode(deps.database.knex, run.mode, after, ROWS);
  return {
    suspicions: once(rows.map((row) => row.stripe_customer_id)),
    count: rows.length,
    last: rows.at(-1)?.id ?? null,
  };
}

/** Has a tier from a subscription that is not here, or from nothing at all. */
async function entitled(deps: ReconcileDeps, run: ReconcileRunRow, after: string | null): Promise<Read> {
  const rows = await listEntitledByNothing(deps.database.knex, {
    lowest: lowestTier(deps.settings),
    mode: run.mode,
    before: run.started_at,
    after,
    limit: ROWS,
  });
  return {
    suspicions: once(rows.map((row) => row.customer_id)),
    count: rows.length,
    last: rows.at(-1)?.customer_id ?? null,
  };
}

function once(subjects: readonly string[]): Suspicion[] {
  return [...new Set(subjects)].map((subject) => ({ subject, hint: null }));
}

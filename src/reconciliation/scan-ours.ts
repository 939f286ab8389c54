import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ReconcileRunRow } from '#db/reconcile-runs.ts';
import { listEntitledByNothing, listOtherMode } from '#db/reconcile-scan.ts';
import { advanceShard, type ListName, type ReconcileShardRow } from '#db/reconcile-shards.ts';
import { inTransaction } from '#db/transaction.ts';
import { SECOND_MS } from '#src/core/clock.ts';
import { lowestTier } from '#src/core/settings.ts';
import type { Suspicion } from './compare-page.ts';
import type { ReconcileDeps } from './deps.ts';
import { keepSuspects } from './keep-suspects.ts';
import { LEASE_MS } from './read-shard.ts';

export const ourLists: readonly ListName[] = ['our_other_mode', 'our_entitlements'];

const ROWS = 1_000;
/** Slices without anybody suspect take a millisecond or two; of a killed process they are read again. */
const KEEP_EVERY_MS = SECOND_MS;

/**
 * What no list of Stripe's can show: read a thousand rows at a time, while Stripe's are waited for. That it goes on says
 * nothing of Stripe, so a run that waits for Stripe goes on waiting.
 */
export async function scanOurs(
  deps: ReconcileDeps,
  run: ReconcileRunRow,
  claimed: ReconcileShardRow,
  mayGoOn: () => Promise<boolean>,
): Promise<void> {
  const token = claimed.lease_token ?? '';
  let shard = claimed;
  let keepAt = deps.clock.now() + KEEP_EVERY_MS;
  for (let isGoing = true; isGoing && shard.state === 'open'; ) {
    const read = await (shard.list === 'our_other_mode' ? otherMode : entitled)(deps, run, shard.cursor);
    shard = {
      ...shard,
      cursor: read.last ?? shard.cursor,
      pages: shard.pages + 1,
      seen: shard.seen + read.suspicions.length,
      state: read.last === null ? 'done' : 'open',
    };
    isGoing = await mayGoOn();
    const now = deps.clock.now();
    const isToKeep = !isGoing || shard.state === 'done' || read.suspicions.length > 0 || now >= keepAt;
    // SQLite answers at once: without a turn for others, Slack and Stripe would not be heard until all is read.
    await nextTurn();
    if (!isToKeep) continue;
    keepAt = now + KEEP_EVERY_MS;
    const { cursor, pages, seen, state } = shard;
    const isOurs = await inTransaction(deps.database, async (sql) => {
      const patch = { cursor, pages, seen, state, lease_until: now + LEASE_MS };
      if (!(await advanceShard(sql, shard.id, token, patch))) return false;
      await keepSuspects(sql, run.id, read.suspicions, now);
      return true;
    });
    if (!isOurs) return;
  }
  await inTransaction(deps.database, (sql) =>
    advanceShard(sql, shard.id, token, { lease_token: null, lease_until: 0 }),
  );
}

/** Who is suspect, and how far was looked; null at the end. */
type Read = { suspicions: Suspicion[]; last: string | null };

/** Mirrored from the other mode: the key was changed, or a test object came into the live books. */
async function otherMode(deps: ReconcileDeps, run: ReconcileRunRow, after: string | null): Promise<Read> {
  const { rows, last } = await listOtherMode(deps.database.knex, run.mode, after, ROWS);
  return { suspicions: once(rows.map((row) => row.stripe_customer_id)), last };
}

/** Has a tier from a subscription that is not here, or from nothing at all. */
async function entitled(deps: ReconcileDeps, run: ReconcileRunRow, after: string | null): Promise<Read> {
  const { rows, last } = await listEntitledByNothing(deps.database.knex, {
    lowest: lowestTier(deps.settings),
    mode: run.mode,
    before: run.started_at,
    after,
    size: ROWS,
  });
  return { suspicions: once(rows.map((row) => row.customer_id)), last };
}

function once(subjects: readonly string[]): Suspicion[] {
  return [...new Set(subjects)].map((subject) => ({ subject, hint: null }));
}

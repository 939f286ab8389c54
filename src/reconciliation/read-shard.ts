import type { Sql } from '#db/connection.ts';
import { lockReconcileRun, type ReconcileRunRow, touchReconcileRun } from '#db/reconcile-runs.ts';
import { advanceShard, insertShards, type ReconcileShardRow, totalShards } from '#db/reconcile-shards.ts';
import { inTransaction } from '#db/transaction.ts';
import { SECOND_MS } from '#src/core/clock.ts';
import type { ReconcileDeps } from './deps.ts';
import type { PlaceKeeper } from './keep-place.ts';
import { keepFindings, keepSuspects } from './keep-suspects.ts';
import type { Lanes } from './lanes.ts';
import { type PageRead, readList } from './read-lists.ts';
import { PARTS_MAX, splitRange } from './split.ts';
import { newShard } from './start.ts';

/** Of a piece that somebody reads; each page renews it. */
export const LEASE_MS = 30 * SECOND_MS;

/** What those who read side by side in one process share. */
export type Reading = {
  mayGoOn(): Promise<boolean>;
  /** Whether more readers could read than there are pieces. */
  areFew(): Promise<boolean>;
  keepPlace: PlaceKeeper;
  lanes: Pick<Lanes, 'wake'>;
};

/** Reads a piece of a list at Stripe, page by page; each page is kept before the next is asked for. */
export async function readShard(
  deps: ReconcileDeps,
  run: ReconcileRunRow,
  claimed: ReconcileShardRow,
  reading: Reading,
): Promise<void> {
  let shard = claimed;
  for (let pages = 0; shard.state === 'open' && (pages === 0 || (await reading.mayGoOn())); pages++) {
    const { next, told } = await readPage(deps, run, shard);
    const kept = await keepPage(deps, run, reading, shard, next, told);
    // Another process has it now, and reads the same page again: nothing of this one is kept.
    if (!kept) return;
    shard = kept;
  }
  // Nobody takes what is read to its end.
  if (shard.state === 'done') return;
  await inTransaction(deps.database, (sql) =>
    advanceShard(sql, shard.id, claimed.lease_token ?? '', { lease_token: null, lease_until: 0 }),
  );
}

type Told = Pick<PageRead, 'suspicions' | 'found'>;

type Next = { shard: ReconcileShardRow; page: { rows: number; spanMs: number } | null };

/** What is kept of a page: its rows are not, so that they are swept up young, however long a commit is waited for. */
async function readPage(
  deps: ReconcileDeps,
  run: ReconcileRunRow,
  shard: ReconcileShardRow,
): Promise<{ next: Next; told: Told }> {
  const page = await readList(deps, run, shard);
  if (!page) return { next: restarted(shard), told: { suspicions: [], found: [] } };
  return { next: movedOn(shard, page), told: { suspicions: page.suspicions, found: page.found } };
}

function movedOn(shard: ReconcileShardRow, { rows, hasMore, lastKnown = 0 }: PageRead): Next {
  const last = rows.at(-1);
  const isOver = !hasMore || !last;
  return {
    shard: {
      ...shard,
      cursor: last?.id ?? shard.cursor,
      cursor_at: last?.createdAt ?? shard.cursor_at,
      cursor_known: lastKnown,
      pages: shard.pages + 1,
      full_pages: shard.full_pages + (hasMore ? 1 : 0),
      seen: shard.seen + rows.length,
      state: isOver ? 'done' : 'open',
      attempts: 0,
      error: null,
    },
    page:
      isOver || !last
        ? null
        : { rows: rows.length, spanMs: (rows[0]?.createdAt ?? last.createdAt) - last.createdAt },
  };
}

/** What marked the place is gone at Stripe: its second is read again. */
function restarted(shard: ReconcileShardRow): Next {
  const before = shard.cursor_at === null ? shard.before_at : shard.cursor_at + SECOND_MS;
  return { shard: { ...shard, cursor: null, before_at: before }, page: null };
}

async function keepPage(
  deps: ReconcileDeps,
  run: ReconcileRunRow,
  { areFew, keepPlace, lanes }: Reading,
  before: ReconcileShardRow,
  next: Next,
  { suspicions, found }: Told,
): Promise<ReconcileShardRow | null> {
  const isToDivide = isDivisible(before, next) && (await areFew());
  const hasMore = suspicions.length + found.length > 0;
  if (!isToDivide && !hasMore) {
    const now = deps.clock.now();
    return (await keepPlace({ shard: next.shard, now, leaseUntil: now + LEASE_MS })) ? next.shard : null;
  }
  let made = 0;
  const kept = await inTransaction(deps.database, async (sql) => {
    const now = deps.clock.now();
    // Given back and never written into what came in: the database may ask for the same work a second time.
    const { shard, others } = isToDivide
      ? await divide(sql, now, run, next)
      : { shard: next.shard, others: 0 };
    made = others;
    const isOurs = await advanceShard(sql, shard.id, before.lease_token ?? '', {
      cursor: shard.cursor,
      cursor_at: shard.cursor_at,
      cursor_known: shard.cursor_known,
      from_at: shard.from_at,
      before_at: shard.before_at,
      pages: shard.pages,
      full_pages: shard.full_pages,
      seen: shard.seen,
      state: shard.state,
      attempts: 0,
      error: null,
      lease_until: now + LEASE_MS,
    });
    if (!isOurs) throw new LostShard();
    if (suspicions.length > 0) await keepSuspects(sql, run.id, suspicions, now);
    if (found.length > 0) await keepFindings(sql, run, found, now);
    await touchReconcileRun(sql, run.id, now);
    return shard;
  }).catch((error: unknown) => {
    if (error instanceof LostShard) return null;
    throw error;
  });
  lanes.wake(kept ? made + suspicions.length : 0);
  return kept;
}

class LostShard extends Error {}

function isDivisible({ from_at }: ReconcileShardRow, { shard, page }: Next): boolean {
  if (!page || shard.cursor_at === null || from_at >= shard.cursor_at) return false;
  // Without the numbers of all, because adding them up and holding the run costs more than a page that stays whole.
  const left = { from: shard.from_at, before: shard.cursor_at + SECOND_MS };
  return splitRange(left, page, { now: 1, fullPages: PARTS_MAX }).length > 1;
}

/** Gives the far end of what is left to others, in so many pieces; the near end is given back. */
async function divide(
  sql: Sql,
  now: number,
  run: ReconcileRunRow,
  { shard, page }: Next,
): Promise<{ shard: ReconcileShardRow; others: number }> {
  const whole = { shard, others: 0 };
  if (!page || shard.cursor_at === null) return whole;
  const left = { from: shard.from_at, before: shard.cursor_at + SECOND_MS };
  await lockReconcileRun(sql, run.id);
  const { shards, fullPages } = await totalShards(sql, run.id, shard.list);
  const [nearest, ...others] = splitRange(left, page, { now: shards, fullPages: fullPages + 1 });
  if (!nearest || others.length === 0) return whole;
  await insertShards(
    sql,
    others.map((range) => newShard(now, run.id, shard.list, range)),
  );
  return { shard: { ...shard, from_at: nearest.from }, others: others.length };
}

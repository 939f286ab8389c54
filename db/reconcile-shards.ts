import { engineOf, type Sql } from './connection.ts';

/** Stripe's lists by the time of creation, and ours by id. */
export type ListName = 'subscriptions' | 'refunds' | 'sessions' | 'our_other_mode' | 'our_entitlements';

export type ReconcileShardRow = {
  id: string;
  run_id: string;
  list: ListName;
  /** Milliseconds, at the beginning of a second; the first is in it, the second is not. */
  from_at: number;
  before_at: number;
  /** The last id of the last page, and when Stripe made it. */
  cursor: string | null;
  cursor_at: number | null;
  /** How many of the last page's last second were here, too. */
  cursor_known: number;
  pages: number;
  full_pages: number;
  seen: number;
  state: 'open' | 'done';
  lease_token: string | null;
  lease_until: number;
  next_attempt_at: number;
  attempts: number;
  error: string | null;
};

export type ShardTotals = { shards: number; pages: number; fullPages: number; seen: number };

export async function insertShards(sql: Sql, rows: readonly ReconcileShardRow[]): Promise<void> {
  if (rows.length > 0) await sql('reconcile_shards').insert([...rows]);
}

/** Takes a piece of these lists that nobody reads; the outer predicate is repeated, so that of two claims one wins. */
export async function claimShard(
  sql: Sql,
  runId: string,
  lists: readonly ListName[],
  lease: { token: string; now: number; until: number },
): Promise<ReconcileShardRow | undefined> {
  const next = sql('reconcile_shards')
    .select('id')
    .where({ run_id: runId, state: 'open' })
    .whereIn('list', [...lists])
    .where('lease_until', '<', lease.now)
    .where('next_attempt_at', '<=', lease.now)
    .orderBy('id')
    .limit(1);
  if (engineOf(sql) === 'postgres') next.forUpdate().skipLocked();
  const rows: ReconcileShardRow[] = await sql('reconcile_shards')
    .where('id', next)
    .where({ state: 'open' })
    .where('lease_until', '<', lease.now)
    .update({ lease_token: lease.token, lease_until: lease.until })
    .returning('*');
  return rows[0];
}

/** Moves a piece on; false when the lease was lost, and then nothing of the page may be kept. */
export async function advanceShard(
  sql: Sql,
  id: string,
  token: string,
  patch: Partial<ReconcileShardRow>,
): Promise<boolean> {
  return (await sql('reconcile_shards').where({ id, lease_token: token, state: 'open' }).update(patch)) === 1;
}

/** Whether there is a piece of these lists that nobody reads. */
export async function hasSpareShard(
  sql: Sql,
  runId: string,
  lists: readonly ListName[],
  now: number,
): Promise<boolean> {
  const row = await sql('reconcile_shards')
    .where({ run_id: runId, state: 'open' })
    .whereIn('list', [...lists])
    .where('lease_until', '<', now)
    .first('id');
  return row !== undefined;
}

/** How many pieces are not read to their end. */
export async function countOpenShards(sql: Sql, runId: string): Promise<number> {
  const query = sql('reconcile_shards').where({ run_id: runId, state: 'open' });
  const row = await query.count({ total: '*' }).first();
  return Number(row?.total ?? 0);
}

export async function hasShards(sql: Sql, runId: string, lists: readonly ListName[]): Promise<boolean> {
  const row = await sql('reconcile_shards')
    .where({ run_id: runId })
    .whereIn('list', [...lists])
    .first('id');
  return row !== undefined;
}

/** What was read so far of one list, or of all. */
export async function totalShards(sql: Sql, runId: string, list?: ListName): Promise<ShardTotals> {
  const query = sql('reconcile_shards').where({ run_id: runId });
  if (list) query.where({ list });
  const row = await query
    .count({ shards: '*' })
    .sum({ pages: 'pages', fullPages: 'full_pages', seen: 'seen' })
    .first();
  return {
    shards: Number(row?.shards ?? 0),
    pages: Number(row?.pages ?? 0),
    fullPages: Number(row?.fullPages ?? 0),
    seen: Number(row?.seen ?? 0),
  };
}

/** What did not come to its end may be tried again from where it stands. */
export async function reopenShards(sql: Sql, runId: string): Promise<void> {
  await sql('reconcile_shards')
    .where({ run_id: runId, state: 'open' })
    .update({ attempts: 0, next_attempt_at: 0, error: null });
}

/** Of runs that ended before, only what they found is kept. */
export async function deleteReconcilePlacesBefore(sql: Sql, at: number): Promise<void> {
  const ended = () => sql('reconcile_runs').where('ended_at', '<', at).select('id');
  await sql('reconcile_shards').whereIn('run_id', ended()).delete();
  await sql('reconcile_suspects').whereIn('run_id', ended()).delete();
}

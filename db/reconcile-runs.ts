import { engineOf, type Sql } from './connection.ts';

export type ReconcileState = 'running' | 'waiting' | 'done' | 'failed' | 'cancelled';

export type ReconcileRunRow = {
  id: string;
  mode: string;
  /** Null: everybody. */
  customer_id: string | null;
  /** JSON text of the kinds that were asked for; null: all. */
  kinds: string | null;
  state: ReconcileState;
  /** Rises with every change of what the card shows. */
  version: number;
  actor: string;
  actor_name: string;
  reason: string;
  ticket: string | null;
  correlation_id: string;
  run_id: string | null;
  expected: number;
  started_at: number;
  progress_at: number;
  card_at: number;
  ended_at: number | null;
  error: string | null;
  /** Customers who could not be judged, because events about them still waited here. */
  on_their_way: number;
};

/** False when a run of everybody is open already. */
export async function insertReconcileRun(sql: Sql, row: ReconcileRunRow): Promise<boolean> {
  const inserted = await sql('reconcile_runs').insert(row).onConflict().ignore().returning('id');
  return inserted.length > 0;
}

export async function findReconcileRun(sql: Sql, id: string): Promise<ReconcileRunRow | undefined> {
  return sql<ReconcileRunRow>('reconcile_runs').where({ id }).first();
}

/** Holds the run, so that two who end or split it follow each other. */
export async function lockReconcileRun(sql: Sql, id: string): Promise<ReconcileRunRow | undefined> {
  const query = sql<ReconcileRunRow>('reconcile_runs').where({ id }).first();
  return engineOf(sql) === 'postgres' ? query.forUpdate() : query;
}

/** The run of everybody that is not at its end. */
export async function findOpenRun(sql: Sql, mode: string): Promise<ReconcileRunRow | undefined> {
  return sql<ReconcileRunRow>('reconcile_runs')
    .where({ mode })
    .whereNull('customer_id')
    .whereIn('state', ['running', 'waiting'])
    .first();
}

/** The newest run of everybody; with a state, the newest in it. */
export async function findLastRun(
  sql: Sql,
  mode: string,
  states?: readonly ReconcileState[],
): Promise<ReconcileRunRow | undefined> {
  const query = sql<ReconcileRunRow>('reconcile_runs').where({ mode }).whereNull('customer_id');
  if (states) query.whereIn('state', [...states]);
  return query
    .orderBy([
      { column: 'started_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .first();
}

export async function listReconcileRuns(sql: Sql, limit: number): Promise<ReconcileRunRow[]> {
  return sql<ReconcileRunRow>('reconcile_runs')
    .orderBy([
      { column: 'started_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit);
}

/** Whether the schedule began one since then. */
export async function hasNightlySince(sql: Sql, mode: string, since: number): Promise<boolean> {
  const row = await nightsOf(sql).where({ mode }).where('started_at', '>=', since).first('id');
  return row !== undefined;
}

/** The last ones of the schedule that are at their end, newest first. */
export async function listNights(sql: Sql, limit: number): Promise<ReconcileRunRow[]> {
  return nightsOf(sql).whereNotNull('ended_at').orderBy('started_at', 'desc').limit(limit);
}

function nightsOf(sql: Sql) {
  return sql('reconcile_runs').whereNull('run_id').whereNull('customer_id');
}

export async function updateReconcileRun(
  sql: Sql,
  id: string,
  patch: Partial<ReconcileRunRow>,
): Promise<void> {
  await sql('reconcile_runs').where({ id }).update(patch);
}

/** One more who could not be judged. */
export async function countOnTheirWay(sql: Sql, id: string): Promise<void> {
  await sql('reconcile_runs').where({ id }).increment('on_their_way', 1);
}

/** Notes that something went on, at most every second: a waiting run runs again. */
export async function touchReconcileRun(sql: Sql, id: string, now: number): Promise<void> {
  await sql('reconcile_runs')
    .where({ id })
    .whereIn('state', ['running', 'waiting'])
    .where((query) => query.where('progress_at', '<', now - 1_000).orWhere({ state: 'waiting' }))
    .update({ progress_at: now, state: 'running', error: null });
}

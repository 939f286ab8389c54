import { engineOf, type Sql } from './connection.ts';

export type ReconcileFindingState = 'open' | 'applied' | 'refused' | 'gone' | 'ambiguous';

export type ReconcileFindingRow = {
  id: string;
  run_id: string;
  kind: string;
  subject: string;
  customer_id: string | null;
  stripe_customer_id: string | null;
  /** JSON text: `{ stripe, lucy }`, what each side says, in words. */
  evidence: string;
  action: string;
  state: ReconcileFindingState;
  outcome: string | null;
  /** Who asked for its repair: while it is open, it waits for its turn. */
  apply_run: string | null;
  attempts: number;
  next_attempt_at: number;
  lease_token: string | null;
  lease_until: number;
  /** JSON text: `{ at, seqs }`, since when the workers are asked, and the dirty mark that they must come to. */
  asked: string | null;
  /** The last run that saw it again, and told it no second time. */
  again_run: string | null;
  found_at: number;
  settled_at: number | null;
};

export type FindingWithEmail = ReconcileFindingRow & { email: string | null };

export type FindingCount = { kind: string; state: ReconcileFindingState; total: number; waiting: number };

/** Once per run, kind and subject. */
export async function insertReconcileFindings(sql: Sql, rows: readonly ReconcileFindingRow[]): Promise<void> {
  for (const row of rows)
    await sql('reconcile_findings').insert(row).onConflict(['run_id', 'kind', 'subject']).ignore();
}

export async function countReconcileFindings(sql: Sql, runId: string): Promise<FindingCount[]> {
  const rows: { kind: string; state: ReconcileFindingState; total: number; waiting: number }[] = await sql(
    'reconcile_findings',
  )
    .where({ run_id: runId })
    .groupBy('kind', 'state')
    .orderBy(['kind', 'state'])
    .select('kind', 'state')
    .count({ total: '*' })
    .select(sql.raw("sum(case when state = 'open' and apply_run is not null then 1 else 0 end) as waiting"));
  return rows.map((row) => ({ ...row, total: Number(row.total), waiting: Number(row.waiting) }));
}

export async function listReconcileFindings(
  sql: Sql,
  wanted: {
    runId: string;
    kind?: string | undefined;
    id?: string | undefined;
    after?: string;
    limit: number;
  },
): Promise<FindingWithEmail[]> {
  const query = sql('reconcile_findings as f')
    .leftJoin('customers as c', 'c.id', 'f.customer_id')
    .where('f.run_id', wanted.runId)
    .orderBy('f.id')
    .limit(wanted.limit)
    .select('f.*', 'c.email');
  if (wanted.kind !== undefined) query.where('f.kind', wanted.kind);
  if (wanted.id !== undefined) query.where('f.id', wanted.id);
  if (wanted.after !== undefined) query.where('f.id', '>', wanted.after);
  return query;
}

export async function findReconcileFinding(sql: Sql, id: string): Promise<ReconcileFindingRow | undefined> {
  return sql<ReconcileFindingRow>('reconcile_findings').where({ id }).first();
}

/** The open findings that a repair would take, by what makes the choice the same later: how many, first and last. */
export async function summariseOpenFindings(
  sql: Sql,
  wanted: { runId: string; kind?: string | undefined; id?: string | undefined },
): Promise<{ total: number; first: string | null; last: string | null }> {
  const row = await openOf(sql, wanted)
    .count({ total: '*' })
    .min({ first: 'id' })
    .max({ last: 'id' })
    .first();
  return { total: Number(row?.total ?? 0), first: row?.first ?? null, last: row?.last ?? null };
}

/** Gives them to a repair; each to one only. Returns how many. */
export async function queueFindings(
  sql: Sql,
  wanted: { runId: string; kind?: string | undefined; id?: string | undefined },
  applyRun: string,
): Promise<number> {
  return openOf(sql, wanted).update({ apply_run: applyRun });
}

function openOf(sql: Sql, wanted: { runId: string; kind?: string | undefined; id?: string | undefined }) {
  const query = sql('reconcile_findings')
    .where({ run_id: wanted.runId, state: 'open' })
    .whereNull('apply_run');
  if (wanted.kind !== undefined) query.where({ kind: wanted.kind });
  if (wanted.id !== undefined) query.where({ id: wanted.id });
  return query;
}

/**
 * Takes one that waits for its repair, with a lease. The literals are those of the partial index; the outer predicate is
 * repeated, so that of two claims one wins.
 */
export async function claimRepair(
  sql: Sql,
  lease: { token: string; now: number; until: number },
): Promise<ReconcileFindingRow | undefined> {
  const next = sql('reconcile_findings')
    .select('id')
    .whereRaw("state = 'open' and apply_run is not null")
    .where('next_attempt_at', '<=', lease.now)
    .where('lease_until', '<', lease.now)
    .orderBy(['next_attempt_at', 'id'])
    .limit(1);
  if (engineOf(sql) === 'postgres') next.forUpdate().skipLocked();
  const rows: ReconcileFindingRow[] = await sql('reconcile_findings')
    .where('id', next)
    .where({ state: 'open' })
    .where('lease_until', '<', lease.now)
    .update({ lease_token: lease.token, lease_until: lease.until })
    .returning('*');
  return rows[0];
}

/** Keeps the lease alive while Stripe is asked. One that was lost stays lost. */
export async function renewRepair(sql: Sql, id: string, token: string, until: number): Promise<void> {
  await sql('reconcile_findings').where({ id, lease_token: token }).update({ lease_until: until });
}

/** Holds one for its decision; false when the lease was lost, or somebody decided it. */
export async function holdsRepair(
  sql: Sql,
  { id, lease_token }: Pick<ReconcileFindingRow, 'id' | 'lease_token'>,
): Promise<boolean> {
  const query = sql('reconcile_findings').where({ id, lease_token, state: 'open' }).first('id');
  return (await (engineOf(sql) === 'postgres' ? query.forUpdate() : query)) !== undefined;
}

/** Decides or postpones a repair; false when the lease was lost, and then nothing of it may be kept. */
export async function settleRepair(
  sql: Sql,
  { id, lease_token }: Pick<ReconcileFindingRow, 'id' | 'lease_token'>,
  patch: Partial<ReconcileFindingRow>,
): Promise<boolean> {
  const settled = await sql('reconcile_findings')
    .where({ id, lease_token, state: 'open' })
    .update({ ...patch, lease_token: null, lease_until: 0 });
  return settled === 1;
}

/** How one repair goes: what of it is in which state. */
export async function countApplied(
  sql: Sql,
  applyRun: string,
): Promise<Partial<Record<ReconcileFindingState, number>>> {
  const rows: { state: ReconcileFindingState; total: number }[] = await sql('reconcile_findings')
    .where({ apply_run: applyRun })
    .groupBy('state')
    .select('state')
    .count({ total: '*' });
  return Object.fromEntries(rows.map((row) => [row.state, Number(row.total)]));
}

/** Of a run's findings, how many no run before it had found already. */
export async function countNewFindings(sql: Sql, runId: string, since: number): Promise<number> {
  const row = await sql('reconcile_findings as f')
    .where('f.run_id', runId)
    .whereNotExists(
      sql('reconcile_findings as o')
        .whereRaw('o.kind = f.kind and o.subject = f.subject and o.run_id < f.run_id')
        .where('o.found_at', '>', since)
        .select(sql.raw('1')),
    )
    .count({ total: '*' })
    .first();
  return Number(row?.total ?? 0);
}

/** Notes that a run saw again what one before it had found alike; false when none had. */
export async function noteFoundAgain(
  sql: Sql,
  { run_id, kind, subject, evidence }: ReconcileFindingRow,
): Promise<boolean> {
  const last = sql('reconcile_findings').where({ kind, subject, evidence }).whereNot({ run_id }).max('id');
  return (await sql('reconcile_findings').where('id', last).update({ again_run: run_id })) > 0;
}

/** What a run saw that one before it had told. */
export async function countFoundAgain(sql: Sql, runId: string): Promise<number> {
  const row = await sql('reconcile_findings').where({ again_run: runId }).count({ total: '*' }).first();
  return Number(row?.total ?? 0);
}

/** Forgets runs that ended before, with what they found; some at a time, those whose repairs go on not at all. */
export async function deleteReconcileRunsBefore(sql: Sql, at: number): Promise<void> {
  const queued = sql('reconcile_findings').whereRaw("state = 'open' and apply_run is not null");
  const old: string[] = await sql('reconcile_runs')
    .where('ended_at', '<', at)
    .whereNotIn('id', queued.select('run_id'))
    .orderBy('ended_at')
    .limit(RUNS_AT_ONCE)
    .pluck('id');
  const some = sql('reconcile_findings').whereIn('run_id', old).limit(FINDINGS_AT_ONCE).select('id');
  await sql('reconcile_findings').whereIn('id', some).delete();
  const kept = (table: string) => sql(table).whereIn('run_id', old).select('run_id');
  await sql('reconcile_runs')
    .whereIn('id', old)
    .whereNotIn('id', kept('reconcile_findings'))
    .whereNotIn('id', kept('reconcile_shards'))
    .whereNotIn('id', kept('reconcile_suspects'))
    .delete();
}

const RUNS_AT_ONCE = 200;
const FINDINGS_AT_ONCE = 20_000;

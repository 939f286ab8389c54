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

export async function nextToApply(sql: Sql, now: number): Promise<ReconcileFindingRow | undefined> {
  return sql<ReconcileFindingRow>('reconcile_findings')
    .where({ state: 'open' })
    .whereNotNull('apply_run')
    .where('next_attempt_at', '<=', now)
    .orderBy(['next_attempt_at', 'id'])
    .first();
}

/** Holds one that still waits for its repair; undefined when somebody else was quicker. */
export async function lockToApply(sql: Sql, id: string): Promise<ReconcileFindingRow | undefined> {
  const query = sql<ReconcileFindingRow>('reconcile_findings')
    .where({ id, state: 'open' })
    .whereNotNull('apply_run')
    .first();
  return engineOf(sql) === 'postgres' ? query.forUpdate() : query;
}

export async function updateReconcileFinding(
  sql: Sql,
  id: string,
  patch: Partial<ReconcileFindingRow>,
): Promise<void> {
  await sql('reconcile_findings').where({ id }).update(patch);
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

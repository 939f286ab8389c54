import { engineOf, type Sql } from './connection.ts';

export type ReconcileSuspectRow = {
  run_id: string;
  /** `cus_…`, or `cust_…` of one who has no Stripe customer. */
  subject: string;
  /** JSON text of a Hint. */
  hint: string | null;
  state: 'open' | 'done';
  found_at: number;
  seen_hash: string | null;
  seen_at: number | null;
  lease_token: string | null;
  lease_until: number;
  next_attempt_at: number;
  attempts: number;
  error: string | null;
};

/** Once per run and subject. */
export async function putSuspects(
  sql: Sql,
  rows: readonly Pick<ReconcileSuspectRow, 'run_id' | 'subject' | 'hint' | 'found_at'>[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql('reconcile_suspects')
    .insert(rows.map((row) => ({ ...row, state: 'open' })))
    .onConflict(['run_id', 'subject'])
    .ignore();
}

/** Looks again, and at this, too. */
export async function reopenSuspect(
  sql: Sql,
  suspect: Pick<ReconcileSuspectRow, 'run_id' | 'subject'>,
  hint: string,
): Promise<void> {
  await sql('reconcile_suspects').where(suspect).update({ hint, state: 'open', next_attempt_at: 0 });
}

export async function findSuspect(
  sql: Sql,
  runId: string,
  subject: string,
): Promise<ReconcileSuspectRow | undefined> {
  return sql<ReconcileSuspectRow>('reconcile_suspects').where({ run_id: runId, subject }).first();
}

export async function claimSuspect(
  sql: Sql,
  runId: string,
  lease: { token: string; now: number; until: number },
): Promise<ReconcileSuspectRow | undefined> {
  const next = sql('reconcile_suspects')
    .select('subject')
    .where({ run_id: runId, state: 'open' })
    .where('lease_until', '<', lease.now)
    .where('next_attempt_at', '<=', lease.now)
    .orderBy(['next_attempt_at', 'subject'])
    .limit(1);
  if (engineOf(sql) === 'postgres') next.forUpdate().skipLocked();
  const rows: ReconcileSuspectRow[] = await sql('reconcile_suspects')
    .where({ run_id: runId, state: 'open' })
    .where('subject', next)
    .where('lease_until', '<', lease.now)
    .update({ lease_token: lease.token, lease_until: lease.until })
    .returning('*');
  return rows[0];
}

/** Keeps the lease alive while Stripe is asked. One that was lost stays lost. */
export async function renewSuspect(
  sql: Sql,
  { run_id, subject, lease_token }: Leased,
  until: number,
): Promise<void> {
  await sql('reconcile_suspects').where({ run_id, subject, lease_token }).update({ lease_until: until });
}

type Leased = Pick<ReconcileSuspectRow, 'run_id' | 'subject' | 'lease_token'>;

/** Ends or postpones a look; false when the lease was lost, or when a page said more meanwhile: then it is looked at anew. */
export async function settleSuspect(
  sql: Sql,
  suspect: Leased & Pick<ReconcileSuspectRow, 'hint'>,
  patch: Partial<ReconcileSuspectRow>,
): Promise<boolean> {
  const { run_id, subject, lease_token, hint } = suspect;
  const free = { lease_token: null, lease_until: 0 };
  const own = () => sql('reconcile_suspects').where({ run_id, subject, lease_token });
  const settled = await own()
    .where({ state: 'open', hint })
    .update({ ...patch, ...free });
  if (settled === 1) return true;
  await own().update(free);
  return false;
}

/** Ends the looks at somebody whom nobody can read. */
export async function endSuspect(
  sql: Sql,
  suspect: Pick<ReconcileSuspectRow, 'run_id' | 'subject'>,
): Promise<void> {
  await sql('reconcile_suspects').where(suspect).update({ state: 'done' });
}

/** Whoever was tried in vain may be tried again at once. */
export async function reopenSuspects(sql: Sql, runId: string): Promise<void> {
  await sql('reconcile_suspects')
    .where({ run_id: runId, state: 'open' })
    .update({ attempts: 0, next_attempt_at: 0, error: null });
}

export async function countSuspects(sql: Sql, runId: string): Promise<{ open: number; all: number }> {
  const rows: { state: string; total: number }[] = await sql('reconcile_suspects')
    .where({ run_id: runId })
    .groupBy('state')
    .select('state')
    .count({ total: '*' });
  const open = rows.find((row) => row.state === 'open');
  return { open: Number(open?.total ?? 0), all: rows.reduce((sum, row) => sum + Number(row.total), 0) };
}

/** What is done needs no rows any more: findings are the evidence. */
export async function deleteSuspects(sql: Sql, runId: string): Promise<void> {
  await sql('reconcile_suspects').where({ run_id: runId, state: 'done' }).delete();
}

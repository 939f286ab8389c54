import type { Sql } from './connection.ts';
import { engineOf } from './connection.ts';
import { customersUnderHold } from './evidence-bundles.ts';

export type RunRow = {
  id: string;
  key: string | null;
  command: string;
  /**
   * `waiting` for an approval; `carrying`: on its way at Stripe, or through its lines; `failed`: nothing of it came.
   */
  state: 'draft' | 'planned' | 'waiting' | 'carrying' | 'done' | 'cancelled' | 'failed';
  actor_id: string;
  actor_name: string;
  person: string;
  surface: string;
  /** JSON text of the input, the plan, the reply, and where in Slack it was asked. */
  input: string;
  plan: string | null;
  basis: string | null;
  reply: string | null;
  reason: string | null;
  ticket: string | null;
  customer_id: string | null;
  correlation_id: string;
  undo_line: string | null;
  undone_by: string | null;
  origin: string | null;
  created_at: number;
  done_at: number | null;
};

/** False when a run with the same key is already there. */
export async function insertRun(sql: Sql, row: RunRow): Promise<boolean> {
  const inserted = await sql('runs').insert(row).onConflict('key').ignore().returning('id');
  return inserted.length > 0;
}

export async function findRun(sql: Sql, id: string): Promise<RunRow | undefined> {
  return sql<RunRow>('runs').where({ id }).first();
}

export async function findRunByKey(sql: Sql, key: string): Promise<RunRow | undefined> {
  return sql<RunRow>('runs').where({ key }).first();
}

/** Reads the run and holds it, so that two confirmations of one run follow each other. */
export async function lockRun(sql: Sql, id: string): Promise<RunRow | undefined> {
  const query = sql<RunRow>('runs').where({ id }).first();
  return engineOf(sql) === 'postgres' ? query.forUpdate() : query;
}

export async function updateRun(sql: Sql, id: string, patch: Partial<RunRow>): Promise<void> {
  await sql('runs').where({ id }).update(patch);
}

export async function listRecentRuns(sql: Sql, person: string, limit: number): Promise<RunRow[]> {
  return sql<RunRow>('runs').where({ person, state: 'done' }).orderBy('created_at', 'desc').limit(limit);
}

/** An equal act on the same customer not long ago, done or asked for, to warn of. */
export async function findRecentEqualRun(
  sql: Sql,
  run: { id: string; command: string; customerId: string; since: number },
): Promise<RunRow[]> {
  return sql<RunRow>('runs')
    .where({ command: run.command, customer_id: run.customerId })
    .whereIn('state', ['done', 'waiting', 'carrying'])
    .where((recent) => recent.where('done_at', '>=', run.since).orWhere('created_at', '>=', run.since))
    .whereNot({ id: run.id })
    .orderBy('created_at', 'desc')
    .limit(20);
}

/** Asked for, and not done yet: waiting for an approval, or on the way at Stripe. Newest first. */
export async function listOpenRuns(sql: Sql, command: string, customerId: string): Promise<RunRow[]> {
  return sql<RunRow>('runs')
    .where({ command, customer_id: customerId })
    .whereIn('state', ['waiting', 'carrying'])
    .orderBy('created_at', 'desc')
    .limit(5);
}

export async function listRunsByCorrelation(sql: Sql, correlationId: string): Promise<RunRow[]> {
  return sql<RunRow>('runs').where({ correlation_id: correlationId }).orderBy('created_at').limit(50);
}

/** Newest first. */
export async function listRunsByTicket(sql: Sql, ticket: string): Promise<RunRow[]> {
  return sql<RunRow>('runs').where({ ticket }).orderBy('created_at', 'desc').limit(50);
}

export async function listRunsBetween(
  sql: Sql,
  customerId: string,
  from: number,
  to: number,
): Promise<RunRow[]> {
  return sql<RunRow>('runs')
    .where({ customer_id: customerId })
    .whereBetween('created_at', [from, to])
    .orderBy('created_at')
    .limit(200);
}

/**
 * Drafts and previews that nobody confirmed; what was asked as an approval is kept, however it ended, and so is
 * everything of a customer under legal hold.
 */
export async function deleteUnconfirmedRunsBefore(sql: Sql, before: number): Promise<void> {
  await sql('runs')
    .whereIn('state', ['draft', 'planned', 'cancelled'])
    .where('created_at', '<', before)
    .whereNotIn('id', sql('approvals').select('run_id'))
    .where((its) => its.whereNull('customer_id').orWhereNotIn('customer_id', customersUnderHold(sql)))
    .delete();
}

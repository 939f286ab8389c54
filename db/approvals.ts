import { engineOf, type Sql } from './connection.ts';

export type ApprovalRow = {
  id: string;
  run_id: string;
  state: 'pending' | 'approved' | 'denied' | 'cancelled' | 'expired';
  /** Rises whenever its card says something else. */
  version: number;
  basis: string;
  command: string;
  customer_id: string | null;
  requester_person: string;
  requester_id: string;
  requester_name: string;
  approver_role: string;
  approvers_needed: number;
  why: string;
  /** A key of `channels` in the settings. */
  channel: string;
  decided_person: string | null;
  decided_id: string | null;
  decided_name: string | null;
  decided_at: number | null;
  decision_reason: string | null;
  /** JSON text: sentences about what moved since it was first asked. */
  moved: string | null;
  reminders: number;
  escalated_at: number | null;
  expires_at: number;
  correlation_id: string;
  /** When what the card shows now was asked: first, or again after the world moved. */
  asked_at: number;
  created_at: number;
};

export type VoteRow = {
  approval_id: string;
  person: string;
  basis: string;
  actor_id: string;
  actor_name: string;
  surface: string;
  at: number;
};

export async function insertApproval(sql: Sql, row: ApprovalRow): Promise<void> {
  await sql('approvals').insert(row);
}

export async function findApproval(sql: Sql, id: string): Promise<ApprovalRow | undefined> {
  return sql<ApprovalRow>('approvals').where({ id }).first();
}

export async function findApprovalOfRun(sql: Sql, runId: string): Promise<ApprovalRow | undefined> {
  return sql<ApprovalRow>('approvals').where({ run_id: runId }).first();
}

/** Reads the approval and holds it, so that all who answer it follow each other. */
export async function lockApproval(sql: Sql, id: string): Promise<ApprovalRow | undefined> {
  const query = sql<ApprovalRow>('approvals').where({ id }).first();
  return engineOf(sql) === 'postgres' ? query.forUpdate() : query;
}

/** Compare and set: false when it is decided, or its card shows something else by now. */
export async function updatePendingApproval(
  sql: Sql,
  id: string,
  version: number,
  patch: Partial<ApprovalRow>,
): Promise<boolean> {
  const changed = await sql('approvals')
    .where({ id, version, state: 'pending' })
    .update({ ...patch, version: version + 1 });
  return changed === 1;
}

/** The card must be made anew: something that it shows has changed. Returns the new version. */
export async function raiseApprovalVersion(sql: Sql, id: string): Promise<number> {
  const [row] = await sql('approvals')
    .where({ id })
    .update({ version: sql.raw('version + 1') })
    .returning('version');
  return row.version;
}

/** False when this person approved this very state already. */
export async function insertVote(sql: Sql, row: VoteRow): Promise<boolean> {
  const inserted = await sql('approval_votes')
    .insert(row)
    .onConflict(['approval_id', 'person', 'basis'])
    .ignore()
    .returning('person');
  return inserted.length > 0;
}

/** Who approved this state, in their order. */
export async function listVotes(sql: Sql, approvalId: string, basis: string): Promise<VoteRow[]> {
  return sql<VoteRow>('approval_votes').where({ approval_id: approvalId, basis }).orderBy('at');
}

/** For these roles to answer, or for any (null). Oldest first: who waits longest comes first. */
export async function listPendingApprovals(
  sql: Sql,
  roles: readonly string[] | null,
  limit: number,
): Promise<ApprovalRow[]> {
  const query = sql<ApprovalRow>('approvals').where({ state: 'pending' });
  if (roles !== null) void query.whereIn('approver_role', [...roles]);
  return query.orderBy('created_at').limit(limit);
}

/** Those whose run was asked for with this ticket. */
export async function listPendingOfTicket(sql: Sql, ticket: string): Promise<ApprovalRow[]> {
  return sql<ApprovalRow>('approvals')
    .where({ state: 'pending' })
    .whereIn('run_id', sql('runs').where({ ticket }).select('id'))
    .orderBy('created_at');
}

export async function countPendingOf(sql: Sql, person: string): Promise<number> {
  const row = await sql('approvals')
    .where({ requester_person: person, state: 'pending' })
    .count({ total: '*' })
    .first();
  return Number(row?.total ?? 0);
}

/** Newest first. */
export async function listApprovalsOf(sql: Sql, person: string, limit: number): Promise<ApprovalRow[]> {
  return sql<ApprovalRow>('approvals')
    .where({ requester_person: person })
    .orderBy('created_at', 'desc')
    .limit(limit);
}

/** Newest first, whatever became of them. */
export async function listRecentApprovals(sql: Sql, limit: number): Promise<ApprovalRow[]> {
  return sql<ApprovalRow>('approvals').orderBy('created_at', 'desc').limit(limit);
}

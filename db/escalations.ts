import { engineOf, type Sql } from './connection.ts';

export type EscalationRow = {
  id: string;
  team: string;
  /** An email or an id; empty for none. */
  subject: string;
  customer_id: string | null;
  /** Empty for none. */
  ticket: string;
  about: string;
  /** JSON text of what was known when it was asked. */
  packet: string;
  target: string;
  state: 'open' | 'taken' | 'closed';
  asked: number;
  version: number;
  requester_person: string;
  requester_id: string;
  requester_name: string;
  taker_person: string | null;
  taker_name: string | null;
  taken_at: number | null;
  closer_name: string | null;
  close_reason: string | null;
  closed_at: number | null;
  correlation_id: string;
  created_at: number;
};

/** False when one of the same team, subject and ticket is open already. */
export async function insertEscalation(sql: Sql, row: EscalationRow): Promise<boolean> {
  const inserted = await sql('escalations').insert(row).onConflict().ignore().returning('id');
  return inserted.length > 0;
}

export async function findEscalation(sql: Sql, id: string): Promise<EscalationRow | undefined> {
  return sql<EscalationRow>('escalations').where({ id }).first();
}

/** Reads it and holds it, so that of two people who take it one is told of the other. */
export async function lockEscalation(sql: Sql, id: string): Promise<EscalationRow | undefined> {
  const query = sql<EscalationRow>('escalations').where({ id }).first();
  return engineOf(sql) === 'postgres' ? query.forUpdate() : query;
}

export async function findOpenEscalation(
  sql: Sql,
  about: Pick<EscalationRow, 'team' | 'subject' | 'ticket'>,
): Promise<EscalationRow | undefined> {
  const { team, subject, ticket } = about;
  return sql<EscalationRow>('escalations')
    .where({ team, subject, ticket })
    .whereNot({ state: 'closed' })
    .first();
}

/** Oldest first. */
export async function listOpenEscalations(sql: Sql, limit: number): Promise<EscalationRow[]> {
  return sql<EscalationRow>('escalations').whereNot({ state: 'closed' }).orderBy('created_at').limit(limit);
}

export async function updateEscalation(
  sql: Sql,
  held: Pick<EscalationRow, 'id' | 'version'>,
  patch: Partial<EscalationRow>,
): Promise<void> {
  await sql('escalations')
    .where({ id: held.id, version: held.version })
    .update({ ...patch, version: held.version + 1 });
}

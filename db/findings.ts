import type { Sql } from './connection.ts';

export type FindingRow = {
  id: string;
  kind: string;
  subject: string;
  customer_id: string | null;
  summary: string;
  evidence: string;
  state: 'open' | 'closed';
  opened_at: number;
  closed_at: number | null;
  correlation_id: string;
};

/** True when it was not open before: only then is anybody told. */
export async function openFinding(sql: Sql, row: FindingRow): Promise<boolean> {
  const inserted = await sql('findings').insert(row).onConflict(['kind', 'subject']).ignore().returning('id');
  if (inserted.length > 0) return true;
  const { id: _kept, ...rest } = row;
  const reopened = await sql('findings')
    .where({ kind: row.kind, subject: row.subject, state: 'closed' })
    .update({ ...rest, closed_at: null });
  return reopened > 0;
}

export async function closeFinding(sql: Sql, kind: string, subject: string, now: number): Promise<boolean> {
  return (
    (await sql('findings')
      .where({ kind, subject, state: 'open' })
      .update({ state: 'closed', closed_at: now })) > 0
  );
}

export async function isFindingOpen(sql: Sql, kind: string, subject: string): Promise<boolean> {
  return (await sql('findings').where({ kind, subject, state: 'open' }).first('id')) !== undefined;
}

export async function findFinding(sql: Sql, kind: string, subject: string): Promise<FindingRow | undefined> {
  return sql<FindingRow>('findings').where({ kind, subject }).first();
}

/** A page of the open findings of a kind, behind one of them; in the order of their ids. */
export async function listOpenOfKind(
  sql: Sql,
  kind: string,
  after: string,
  limit: number,
): Promise<FindingRow[]> {
  return sql<FindingRow>('findings')
    .where({ kind, state: 'open' })
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit);
}

export async function listOpenFindings(sql: Sql, customerId: string): Promise<FindingRow[]> {
  return sql<FindingRow>('findings')
    .where({ customer_id: customerId, state: 'open' })
    .orderBy('opened_at', 'desc')
    .limit(20);
}

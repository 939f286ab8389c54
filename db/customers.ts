import type { Sql } from './connection.ts';

export type CustomerRow = {
  id: string;
  email: string;
  name: string | null;
  email_verified_at: number | null;
  created_at: number;
};

/** False when somebody else has just added the same email. */
export async function insertCustomerIfNew(sql: Sql, row: CustomerRow): Promise<boolean> {
  return (await sql('customers').insert(row).onConflict('email').ignore().returning('id')).length > 0;
}

export async function findCustomerById(sql: Sql, id: string): Promise<CustomerRow | undefined> {
  return sql<CustomerRow>('customers').where({ id }).first();
}

/** @param email lower case */
export async function findCustomerByEmail(sql: Sql, email: string): Promise<CustomerRow | undefined> {
  return sql<CustomerRow>('customers').where({ email }).first();
}

/** Emails that begin alike, to suggest after a typo; never to act on. */
export async function findEmailsLike(sql: Sql, start: string, limit: number): Promise<string[]> {
  const rows = await sql<CustomerRow>('customers')
    .where('email', '>=', start)
    .where('email', '<', `${start}\uffff`)
    .orderBy('email')
    .limit(limit)
    .select('email');
  return rows.map((row) => row.email);
}

export async function setEmailVerified(sql: Sql, id: string, at: number | null): Promise<void> {
  await sql('customers').where({ id }).update({ email_verified_at: at });
}

/** Names of customers that are among these texts, which are in lower case. */
export async function findNamesAmong(sql: Sql, texts: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (let start = 0; start < texts.length; start += 400) {
    const part = texts.slice(start, start + 400);
    const rows: { name: string }[] = await sql('customers')
      .whereRaw(`lower(name) in (${part.map(() => '?').join(', ')})`, part)
      .limit(20)
      .select('name');
    for (const { name } of rows) found.add(name);
  }
  return [...found];
}

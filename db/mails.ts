import type { Sql } from './connection.ts';

export type MailStage = 'start' | 'reminder' | 'expired' | 'recovered';

export type MailRow = {
  id: string;
  dedupe_key: string;
  grace_id: string;
  customer_id: string;
  stage: MailStage;
  state: 'pending' | 'sending' | 'sent' | 'skipped' | 'unsure' | 'dead';
  attempts: number;
  next_attempt_at: number;
  lease_token: string | null;
  lease_until: number | null;
  error: string | null;
  correlation_id: string;
  created_at: number;
  ended_at: number | null;
};

/** Once per dedupe key, whoever tries; one that was skipped was never sent, and may be wanted again. */
export async function insertMail(sql: Sql, row: MailRow): Promise<void> {
  const { id: _kept, dedupe_key: _same, ...renewed } = row;
  await sql('mails').insert(row).onConflict('dedupe_key').merge(renewed).where('mails.state', 'skipped');
}

/** What may be sent now, and what a process died over; oldest first. */
export async function listDueMails(sql: Sql, now: number, limit: number): Promise<MailRow[]> {
  return sql<MailRow>('mails')
    .whereIn('state', ['pending', 'sending'])
    .where('next_attempt_at', '<=', now)
    .where((query) => query.whereNull('lease_until').orWhere('lease_until', '<', now))
    .orderBy('id')
    .limit(limit);
}

/** Tried, and not at their end: what is said of each is why. */
export async function listTriedMails(sql: Sql, limit: number): Promise<MailRow[]> {
  return sql<MailRow>('mails')
    .whereIn('state', ['pending', 'sending'])
    .where('attempts', '>', 0)
    .whereNotNull('error')
    .orderBy('id')
    .limit(limit);
}

/** Takes one mail, as it was read; false when another process has it. */
export async function leaseMail(
  sql: Sql,
  mail: MailRow,
  token: string,
  now: number,
  until: number,
): Promise<boolean> {
  const taken = await sql('mails')
    .where({ id: mail.id, state: mail.state })
    .where((query) => query.whereNull('lease_until').orWhere('lease_until', '<', now))
    .update({ lease_token: token, lease_until: until });
  return taken === 1;
}

/** From here on nobody can be sure that it was not sent. */
export async function markMailSending(sql: Sql, id: string, token: string): Promise<boolean> {
  const marked = await sql('mails')
    .where({ id, lease_token: token, state: 'pending' })
    .update({ state: 'sending', attempts: sql.raw('attempts + 1') });
  return marked === 1;
}

/** Ends or postpones a mail and lets it go, if the lease is still ours. */
export async function settleMail(
  sql: Sql,
  id: string,
  token: string,
  patch: Partial<MailRow>,
): Promise<boolean> {
  const settled = await sql('mails')
    .where({ id, lease_token: token })
    .update({ ...patch, lease_token: null, lease_until: null });
  return settled === 1;
}

export async function listMailsOfGrace(sql: Sql, graceId: string): Promise<MailRow[]> {
  return sql<MailRow>('mails').where({ grace_id: graceId }).orderBy('id').limit(10);
}

export async function findMail(sql: Sql, id: string): Promise<MailRow | undefined> {
  return sql<MailRow>('mails').where({ id }).first();
}

export async function listMailsByCorrelation(sql: Sql, correlationId: string): Promise<MailRow[]> {
  return sql<MailRow>('mails').where({ correlation_id: correlationId }).orderBy('id').limit(50);
}

export async function listMailsBetween(
  sql: Sql,
  customerId: string,
  from: number,
  to: number,
): Promise<MailRow[]> {
  return sql<MailRow>('mails')
    .where({ customer_id: customerId })
    .whereBetween('created_at', [from, to])
    .orderBy('id')
    .limit(200);
}

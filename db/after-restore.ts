import type { Sql } from './connection.ts';

/** What the present database knows and the restored one must learn, copied row by row under the same keys. */
export async function copyRows(
  from: Sql,
  to: Sql,
  table: string,
  where: Record<string, unknown>,
  key: readonly string[],
): Promise<void> {
  const rows: Record<string, unknown>[] = await from(table).where(where);
  for (const row of rows)
    await to(table)
      .insert(row)
      .onConflict([...key])
      .merge();
}

/**
 * The approval under which the restore is done, with its votes. It begins pending there as well, because the database lets
 * none be approved before its votes are there.
 */
export async function copyApproval(from: Sql, to: Sql, runId: string): Promise<void> {
  const approval: Record<string, unknown> | undefined = await from('approvals')
    .where({ run_id: runId })
    .first();
  if (!approval) return;
  const undecided = {
    state: 'pending',
    decided_person: null,
    decided_id: null,
    decided_name: null,
    decided_at: null,
    decision_reason: null,
  };
  await to('approvals')
    .insert({ ...approval, ...undecided })
    .onConflict('id')
    .ignore();
  const votes: Record<string, unknown>[] = await from('approval_votes').where({ approval_id: approval.id });
  for (const vote of votes)
    await to('approval_votes').insert(vote).onConflict(['approval_id', 'person', 'basis']).ignore();
  await to('approvals').where({ id: approval.id, state: 'pending' }).update(approval);
}

/** Messages of before, whose readers have long read them or something newer. Returns how many there were. */
export async function dropUnsentMessages(sql: Sql, why: string): Promise<number> {
  return sql('outbox')
    .whereIn('state', ['pending', 'sending'])
    .update({ state: 'folded', error: why, lease_token: null, lease_until: null });
}

/** Nobody can tell whether they went out since, so they do not go out again. */
export async function dropUnsentMails(sql: Sql, why: string, now: number): Promise<number> {
  return sql('mails')
    .whereIn('state', ['pending', 'sending'])
    .update({ state: 'unsure', error: why, ended_at: now, lease_token: null, lease_until: null });
}

/** What was being done to the installation itself then is over: backups, restores, and rollbacks that a hook may have taken. */
export async function endStaleWork(sql: Sql, why: string, now: number): Promise<void> {
  const ended = { error: why, ended_at: now, lease_token: null, lease_until: null };
  await sql('maintenance').delete();
  await sql('restores')
    .whereNull('ended_at')
    .update({ ...ended, step: 'failed' });
  await sql('backups')
    .where({ state: 'queued' })
    .update({ ...ended, state: 'failed' });
  const rollbacks: { run_id: string }[] = await sql('rollbacks').where({ state: 'queued' }).select('run_id');
  await sql('rollbacks')
    .where({ state: 'queued' })
    .update({ state: 'failed', last_error: why, ended_at: now, lease_token: null, lease_until: null });
  await sql('runs')
    .whereIn(
      'id',
      rollbacks.map((row) => row.run_id),
    )
    .update({ state: 'failed' });
}

/** Previews that nobody may confirm any more: what they showed lies on the other side of the restore. */
export async function cancelPreviews(sql: Sql, except: string | null): Promise<void> {
  const query = sql('runs').whereIn('state', ['planned', 'draft']);
  await (except === null ? query : query.whereNot({ id: except })).update({ state: 'cancelled', key: null });
}

export async function listPendingApprovalIds(sql: Sql, exceptRun: string | null): Promise<string[]> {
  const query = sql('approvals').where({ state: 'pending' });
  return (exceptRun === null ? query : query.whereNot({ run_id: exceptRun })).orderBy('id').pluck('id');
}

/** Everybody who is linked is asked of Stripe anew. Returns how many that are. */
export async function markEverybodyDirty(sql: Sql, priority: number): Promise<number> {
  await sql(sql.raw('customer_sync (stripe_customer_id, dirty_seq, synced_seq)')).insert(
    sql('customer_links as l')
      .whereNotExists(
        sql('customer_sync as s')
          .whereRaw('s.stripe_customer_id = l.stripe_customer_id')
          .select(sql.raw('1')),
      )
      .select('l.stripe_customer_id', sql.raw('0 as dirty_seq'), sql.raw('0 as synced_seq')),
  );
  return sql('customer_sync').update({
    dirty_seq: sql.raw('dirty_seq + 1'),
    next_attempt_at: 0,
    lease_token: null,
    lease_until: 0,
    bulk_id: null,
    bulk_seq: null,
    priority,
  });
}

/** Where cards stand in Slack by now; one that shows something newer than the restored rows say is edited back. */
export async function learnCards(live: Sql, restored: Sql): Promise<void> {
  const known: { key: string; wanted_version: number }[] = await restored('cards').select(
    'key',
    'wanted_version',
  );
  const wanted = new Map(known.map((card) => [card.key, card.wanted_version]));
  const standing: { key: string; channel: string | null; ts: string | null; shown_version: number }[] =
    await live('cards').whereNotNull('ts').select('key', 'channel', 'ts', 'shown_version');
  for (const { key, channel, ts, shown_version } of standing) {
    const version = wanted.get(key);
    if (version === undefined) continue;
    const shows = shown_version === version ? version : 0;
    await restored('cards').where({ key }).update({ channel, ts, shown_version: shows });
  }
}

/** Mails of the last days, as far as their grace is known on the other side: none of them is sent a second time. */
export async function learnMails(live: Sql, restored: Sql, since: number): Promise<void> {
  const mails: Record<string, unknown>[] = await live('mails').where('created_at', '>=', since);
  for (const mail of mails) {
    if (!(await restored('grace_periods').where({ id: mail.grace_id }).first('id'))) continue;
    const { id: _own, dedupe_key: _same, ...told } = mail;
    await restored('mails').insert(mail).onConflict('dedupe_key').merge(told);
  }
}

import type { Sql } from './connection.ts';

export type OutboxRow = {
  id: string;
  dedupe_key: string;
  kind: 'slack';
  target: string;
  /** JSON text of a Reply. */
  payload: string;
  state: 'pending' | 'sending' | 'sent' | 'folded' | 'dead';
  attempts: number;
  next_attempt_at: number;
  lease_token: string | null;
  lease_until: number | null;
  error: string | null;
  correlation_id: string;
  sent_channel: string | null;
  sent_ts: string | null;
  created_at: number;
  sent_at: number | null;
  /** This message is the card of this key, whatever the card shows by the time it is sent. */
  card_key?: string | null;
  /** A reply in the thread of this card. */
  thread_of?: string | null;
  /** A Condition: once it does not hold any more the message is not sent. */
  only_while?: string | null;
};

/** Once per dedupe key, whoever tries. */
export async function insertOutbox(sql: Sql, row: OutboxRow): Promise<void> {
  await sql('outbox').insert(row).onConflict('dedupe_key').ignore();
}

/** Targets with something to send or to retry, oldest first. */
export async function listWaitingTargets(sql: Sql, limit: number): Promise<string[]> {
  const rows: { target: string }[] = await sql('outbox')
    .whereIn('state', ['pending', 'sending'])
    .groupBy('target')
    .orderByRaw('min(id)')
    .limit(limit)
    .select('target');
  return rows.map((row) => row.target);
}

/** The unsent messages of one target, in the order in which they were written. */
export async function listUnsent(sql: Sql, target: string, limit: number): Promise<OutboxRow[]> {
  return sql<OutboxRow>('outbox')
    .whereIn('state', ['pending', 'sending'])
    .where({ target })
    .orderBy('id')
    .limit(limit);
}

/** The message for which a whole target waits, where it was tried and did not arrive. */
export async function listStuckHeads(sql: Sql, limit: number): Promise<{ target: string; error: string }[]> {
  const heads = sql('outbox').whereIn('state', ['pending', 'sending']).groupBy('target').min('id');
  return sql('outbox')
    .whereIn('id', heads as never)
    .where('attempts', '>', 0)
    .whereNotNull('error')
    .orderBy('target')
    .limit(limit)
    .select('target', 'error');
}

/** How many messages of one target wait, and when something was last sent there. */
export async function readTargetState(
  sql: Sql,
  target: string,
): Promise<{ waiting: number; lastSentAt: number | null }> {
  const waiting = await sql('outbox')
    .where({ target })
    .whereIn('state', ['pending', 'sending'])
    .count({ total: '*' })
    .first();
  // Messages of a target are sent in the order of their ids, so the highest id sent is the latest; the index gives it.
  const last: { sent_at: number | null } | undefined = await sql('outbox')
    .where({ state: 'sent', target })
    .orderBy('id', 'desc')
    .first('sent_at');
  return { waiting: Number(waiting?.total ?? 0), lastSentAt: last?.sent_at ?? null };
}

export async function countUnsent(sql: Sql): Promise<number> {
  const row = await sql('outbox').whereIn('state', ['pending', 'sending']).count({ total: '*' }).first();
  return Number(row?.total ?? 0);
}

/** Takes one message for sending; false when another process has it. */
export async function leaseOutbox(
  sql: Sql,
  id: string,
  token: string,
  now: number,
  until: number,
): Promise<boolean> {
  const taken = await sql('outbox')
    .where({ id })
    .where((query) =>
      query
        .where({ state: 'pending' })
        .where('next_attempt_at', '<=', now)
        .orWhere((stale) => stale.where({ state: 'sending' }).where('lease_until', '<', now)),
    )
    .update({ state: 'sending', lease_token: token, lease_until: until, attempts: sql.raw('attempts + 1') });
  return taken === 1;
}

/** Ends or postpones a send, if the lease is still ours. */
export async function settleOutbox(
  sql: Sql,
  id: string,
  token: string,
  patch: Partial<OutboxRow>,
): Promise<boolean> {
  const settled = await sql('outbox')
    .where({ id, lease_token: token })
    .update({ ...patch, lease_token: null, lease_until: null });
  return settled === 1;
}

/** Marks messages as told by a digest that was sent in their place. */
export async function foldOutbox(sql: Sql, ids: string[], digestId: string): Promise<void> {
  await sql('outbox')
    .whereIn('id', ids)
    .where({ state: 'pending' })
    .update({ state: 'folded', error: `folded into ${digestId}` });
}

export async function listOutboxByCorrelation(sql: Sql, correlationId: string): Promise<OutboxRow[]> {
  return sql<OutboxRow>('outbox').where({ correlation_id: correlationId }).orderBy('id').limit(50);
}

/** Since when the oldest unsent message waits. */
export async function oldestUnsentAt(sql: Sql): Promise<number | null> {
  const row = await sql('outbox')
    .whereIn('state', ['pending', 'sending'])
    .min({ first: 'created_at' })
    .first();
  return row?.first == null ? null : Number(row.first);
}

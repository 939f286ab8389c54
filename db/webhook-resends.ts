import type { Sql } from './connection.ts';
import { customersUnderHold } from './evidence-bundles.ts';

/** What Stripe was asked to send again, or will be. */
export type WebhookResendRow = {
  run_id: string;
  event_id: string;
  endpoint_id: string;
  requested_by: string;
  correlation_id: string;
  state: 'queued' | 'sent' | 'refused';
  attempts: number;
  next_attempt_at: number;
  error: string | null;
  created_at: number;
  ended_at: number | null;
};

export async function insertResend(sql: Sql, row: WebhookResendRow): Promise<void> {
  await sql('webhook_resends').insert(row);
}

export async function listDueResends(sql: Sql, now: number, limit: number): Promise<WebhookResendRow[]> {
  return sql<WebhookResendRow>('webhook_resends')
    .where({ state: 'queued' })
    .where('next_attempt_at', '<=', now)
    .orderBy('next_attempt_at')
    .limit(limit);
}

/** Takes one for sending, until `until`; false when another process was quicker. */
export async function claimResend(sql: Sql, row: WebhookResendRow, until: number): Promise<boolean> {
  const { run_id, next_attempt_at } = row;
  const claimed = await sql('webhook_resends')
    .where({ run_id, state: 'queued', next_attempt_at })
    .update({ next_attempt_at: until });
  return claimed === 1;
}

/** The last time that this event was asked for. */
export async function findLastResend(sql: Sql, eventId: string): Promise<WebhookResendRow | undefined> {
  return sql<WebhookResendRow>('webhook_resends')
    .where({ event_id: eventId })
    .orderBy('created_at', 'desc')
    .first();
}

/** Only one that is still to be sent; another process may have been quicker. */
export async function updateResend(sql: Sql, runId: string, patch: Partial<WebhookResendRow>): Promise<void> {
  await sql('webhook_resends').where({ run_id: runId, state: 'queued' }).update(patch);
}

/** Not those of a customer under legal hold. */
export async function deleteResendsBefore(sql: Sql, before: number): Promise<number> {
  const held = sql('stripe_events as e')
    .join('customer_links as l', 'l.stripe_customer_id', 'e.stripe_customer_id')
    .whereIn('l.customer_id', customersUnderHold(sql))
    .select('e.id');
  return sql('webhook_resends')
    .whereNot({ state: 'queued' })
    .where('created_at', '<', before)
    .whereNotIn('event_id', held)
    .delete();
}

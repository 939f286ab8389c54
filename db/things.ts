import type { Sql } from './connection.ts';

/** Tables whose rows have an id of their own that somebody may come with. */
export type ThingTable =
  | 'backups'
  | 'batches'
  | 'bulk_refreshes'
  | 'credit_lots'
  | 'customers'
  | 'drills'
  | 'escalations'
  | 'evidence_bundles'
  | 'findings'
  | 'grace_periods'
  | 'health_alerts'
  | 'incident_entries'
  | 'incident_updates'
  | 'incidents'
  | 'investigations'
  | 'manual_subscriptions'
  | 'outbox'
  | 'overrides'
  | 'postmortem_actions'
  | 'reconcile_findings'
  | 'reconcile_runs'
  | 'releases'
  | 'rollbacks'
  | 'runbook_runs'
  | 'runbook_suggestions'
  | 'stripe_effects'
  | 'team_notices'
  | 'webhook_replays';

/** A row as it stands; times are integers, also where Postgres gives text. */
export type ThingRow = Readonly<Record<string, unknown>>;

export async function findThing(
  sql: Sql,
  table: ThingTable,
  key: string,
  value: string | number,
): Promise<ThingRow | undefined> {
  return sql(table)
    .where({ [key]: value })
    .first();
}

/** Oldest first. */
export async function listThings(
  sql: Sql,
  table: ThingTable,
  where: Readonly<Record<string, string>>,
  limit: number,
): Promise<ThingRow[]> {
  return sql(table).where(where).orderBy('id').limit(limit);
}

/** The card or the message that stands at this place in Slack. */
export async function findPosted(
  sql: Sql,
  { channel, ts }: { channel: string; ts: string },
): Promise<{ card: string | null; message: ThingRow | null }> {
  const card = await sql('cards').where({ ts, channel }).first('key');
  const message = await sql('outbox').where({ sent_ts: ts, sent_channel: channel }).first();
  return { card: card?.key ?? null, message: message ?? null };
}

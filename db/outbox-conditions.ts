import type { Sql } from './connection.ts';
import type { OutboxRow } from './outbox.ts';

/**
 * What must still be so when a call or a reminder is sent, which may be hours after it was due. Those that wait for the
 * same target on the same condition are stages of one clock: the last of them says all that the others would.
 */
export type Condition =
  /** Nobody has the alert, and it is not over. */
  | `alert:${string}`
  /** Customers still wait for the update that was owed since this start of the clock. */
  | `incident-clock:${string}:${number}`
  /** Nobody has said who leads, or how bad it is. */
  | `incident-ask:${string}:${'severity' | 'commander'}`
  | `approval:${string}`
  | `escalation:${string}`
  | `dispute:${string}`
  | `postmortem:${string}`;

/** True while the message is worth sending; also for a condition that only a newer version knows. */
export async function stillHolds(sql: Sql, condition: string): Promise<boolean> {
  const [kind = '', id = '', at = ''] = condition.split(':');
  const query = conditions[kind]?.(sql, id, at);
  return query === undefined || (await query.first(sql.raw('1 as found'))) !== undefined;
}

const conditions: Readonly<Record<string, (sql: Sql, id: string, at: string) => ReturnType<Sql>>> = {
  alert: (sql, id) =>
    sql('health_alerts').where({ id }).whereNull('recovered_at').whereNull('acknowledged_at'),
  'incident-clock': (sql, id, at) =>
    openIncident(sql, id)
      .where({ clock_at: Number(at) })
      .whereNull('private_at'),
  'incident-ask': (sql, id, what) =>
    openIncident(sql, id).whereNull(what === 'severity' ? 'severity' : 'commander'),
  approval: (sql, id) => sql('approvals').where({ id, state: 'pending' }),
  escalation: (sql, id) => sql('escalations').where({ id, state: 'open' }),
  dispute: (sql, id) => sql('disputes').where({ id }).whereNull('closed_at'),
  postmortem: (sql, id) => sql('postmortems').where({ incident_id: id, state: 'draft' }),
};

function openIncident(sql: Sql, id: string) {
  return sql('incidents').where({ id }).whereNot({ state: 'resolved' });
}

/** A later stage of the same clock waits for the same target. */
export async function laterStageWaits(sql: Sql, row: OutboxRow): Promise<boolean> {
  const later = await sql('outbox')
    .whereIn('state', ['pending', 'sending'])
    .where({ target: row.target, only_while: row.only_while })
    .where('id', '>', row.id)
    .first('id');
  return later !== undefined;
}

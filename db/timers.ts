import { newId } from '#src/core/ids.ts';
import { engineOf, type Sql } from './connection.ts';

export type TimerKind =
  | 'grace_deadline'
  | 'grace_reminder'
  | 'override_expiry'
  | 'manual_expiry'
  | 'lot_expiry'
  | 'hold_expiry'
  | 'ledger_proof'
  | 'cleanup'
  | 'alert_call'
  | 'incident_clock'
  | 'incident_severity'
  | 'incident_commander'
  | 'postmortem_due'
  | 'approval_expiry'
  | 'approval_reminder'
  | 'glass_end'
  | 'glass_review'
  | 'dispute_reminder'
  | 'dispute_countdown'
  | 'escalation_reminder';

/**
 * Calls and clocks that somebody waits for, and what can be due for many customers in the same moment: ten thousand
 * lots that lapse at midnight do not stand before a call.
 */
const isInBulk: Readonly<Record<TimerKind, boolean>> = {
  grace_deadline: true,
  grace_reminder: true,
  override_expiry: true,
  manual_expiry: true,
  lot_expiry: true,
  hold_expiry: true,
  ledger_proof: true,
  cleanup: true,
  alert_call: false,
  incident_clock: false,
  incident_severity: false,
  incident_commander: false,
  postmortem_due: false,
  approval_expiry: false,
  approval_reminder: false,
  glass_end: false,
  glass_review: false,
  dispute_reminder: false,
  dispute_countdown: false,
  escalation_reminder: false,
};

const allKinds = Object.keys(isInBulk) as TimerKind[];
export const bulkKinds: readonly TimerKind[] = allKinds.filter((kind) => isInBulk[kind]);
export const urgentKinds: readonly TimerKind[] = allKinds.filter((kind) => !isInBulk[kind]);

export type TimerRow = {
  id: string;
  kind: TimerKind;
  subject: string;
  due_at: number;
  attempts: number;
  last_error: string | null;
};

export type NewTimer = { kind: TimerKind; subject: string; dueAt: number };

/** Sets or moves the one timer of this kind and subject; times in ms UTC. */
export async function setTimer(sql: Sql, now: number, timer: NewTimer): Promise<void> {
  await sql('timers')
    .insert(rowOf(now, timer))
    .onConflict(['kind', 'subject'])
    .merge({ due_at: timer.dueAt, attempts: 0, last_error: null });
}

/** Sets it unless there is one already; that one keeps its time. */
export async function setTimerIfNew(sql: Sql, now: number, timer: NewTimer): Promise<void> {
  await sql('timers').insert(rowOf(now, timer)).onConflict(['kind', 'subject']).ignore();
}

function rowOf(now: number, { kind, subject, dueAt }: NewTimer): TimerRow {
  return { id: newId('tim', now), kind, subject, due_at: dueAt, attempts: 0, last_error: null };
}

export async function listDueTimers(
  sql: Sql,
  kinds: readonly TimerKind[],
  now: number,
  limit: number,
): Promise<TimerRow[]> {
  return sql<TimerRow>('timers')
    .whereIn('kind', [...kinds])
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(limit);
}

/**
 * Takes the timer away in the transaction that does its work; false when another process did, or is about to: nobody
 * waits for its transaction, and should that fail, the timer is due again.
 */
export async function takeTimer(sql: Sql, id: string, dueAt: number): Promise<boolean> {
  const free = sql('timers').where({ id, due_at: dueAt }).select('id');
  if (engineOf(sql) === 'postgres') free.forUpdate().skipLocked();
  return (await sql('timers').where({ due_at: dueAt }).whereIn('id', free).delete()) === 1;
}

export async function postponeTimer(
  sql: Sql,
  id: string,
  dueAt: number,
  until: number,
  error: string,
): Promise<void> {
  await sql('timers')
    .where({ id, due_at: dueAt })
    .update({ due_at: until, attempts: sql.raw('attempts + 1'), last_error: error });
}

export async function deleteTimer(sql: Sql, kind: TimerKind, subject: string): Promise<void> {
  await sql('timers').where({ kind, subject }).delete();
}

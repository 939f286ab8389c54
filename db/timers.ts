import { newId } from '#src/core/ids.ts';
import type { Sql } from './connection.ts';

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

export async function listDueTimers(sql: Sql, now: number, limit: number): Promise<TimerRow[]> {
  return sql<TimerRow>('timers').where('due_at', '<=', now).orderBy('due_at').limit(limit);
}

/** Takes the timer away in the transaction that does its work; false when another process already did. */
export async function takeTimer(sql: Sql, id: string, dueAt: number): Promise<boolean> {
  return (await sql('timers').where({ id, due_at: dueAt }).delete()) === 1;
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

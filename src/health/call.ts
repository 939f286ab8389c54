import type { Sql } from '#db/connection.ts';
import { findAlert, type HealthAlertRow, updateAlert } from '#db/health-alerts.ts';
import { setTimer } from '#db/timers.ts';
import type { Cause } from '#src/core/cause.ts';
import { MINUTE_MS, spanWords } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { callSettings, isDrill } from '#src/incidents/drill-mark.ts';
import { onCallAt, phoneWords, rotaMentions } from '#src/oncall/rota.ts';
import { postMessage } from '#src/outbox/post.ts';
import type { Reply } from '#src/replies/reply.ts';
import { alertKey, renewAlertCard } from './alert-card.ts';
import { probeOf } from './probes.ts';

/** The card mentions whoever is first; a direct message reaches them wherever they are. */
export async function callFirst(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  alert: HealthAlertRow,
): Promise<void> {
  await callByName(sql, settings, cause, alert);
  await setCall(sql, cause, alert.id, settings.oncall.remind_after_minutes);
}

/**
 * Nobody has it yet: the same person is reminded, then the next one of the rota is called, and after the last the
 * phone numbers stand in the channel. Silent once somebody has it, or it is over.
 */
export async function callNext(sql: Sql, settings: Settings, cause: Cause, id: string): Promise<void> {
  const alert = await findAlert(sql, id);
  if (!alert || alert.recovered_at !== null || alert.acknowledged_at !== null) return;
  const calls = await callSettings(sql, settings, alert);
  const { remind_after_minutes: remind, escalate_after_minutes: escalate, rota } = calls.oncall;
  if (alert.reminders === 0) {
    const row = await step(sql, settings, cause, alert, { reminders: 1 });
    if (!row) return;
    await say(sql, cause, row, `nobody has it after ${waited(cause, row)}`, rotaMentions(calls, row.level));
    return setCall(sql, cause, id, Math.max(1, escalate - remind));
  }
  if (alert.level > rota.length) return;
  const isLast = alert.level + 1 >= rota.length;
  const row = await step(sql, settings, cause, alert, {
    level: isLast ? rota.length : alert.level + 1,
    reminders: isLast ? 2 : 0,
  });
  if (!row) return;
  if (isLast) {
    const everybody = rota.flatMap((_entry, level) => onCallAt(calls, level)?.slackId ?? []);
    const mentions = everybody.length > 0 ? { users: everybody } : rotaMentions(calls, 0);
    const phones = isDrill(row)
      ? 'nobody answered; in earnest the phone numbers of the rota stand here'
      : phoneWords(calls);
    return say(sql, cause, row, phones, mentions);
  }
  await callByName(sql, settings, cause, row);
  await say(
    sql,
    cause,
    row,
    `nobody has it after ${waited(cause, row)}, so ${onCallAt(calls, row.level)?.name} is called`,
    rotaMentions(calls, row.level),
  );
  await setCall(sql, cause, id, remind);
}

async function step(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  alert: HealthAlertRow,
  changes: { level?: number; reminders: number },
): Promise<HealthAlertRow | null> {
  const row = await updateAlert(sql, alert, changes);
  if (row) await renewAlertCard(sql, settings, cause, row);
  return row;
}

function waited(cause: Cause, alert: HealthAlertRow): string {
  return spanWords(cause.now - (alert.worse_at ?? alert.opened_at));
}

/** Whoever was called because it got worse was perhaps called for the same alert before. */
function round(alert: HealthAlertRow): string {
  return alert.worse_at === null ? '' : ':worse';
}

/** An edited card notifies nobody, so it is said below it. */
export async function callWorse(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  alert: HealthAlertRow,
  hadIt: string | null,
): Promise<void> {
  const who = hadIt === null ? '' : ` (${hadIt} had it while it was less bad)`;
  const calls = await callSettings(sql, settings, alert);
  await say(sql, cause, alert, `it got worse: ${alert.detail}${who}`, rotaMentions(calls, alert.level), '');
}

async function say(
  sql: Sql,
  cause: Cause,
  alert: HealthAlertRow,
  what: string,
  mentions: NonNullable<Reply['mentions']>,
  end = '.',
): Promise<void> {
  await postMessage(sql, cause, {
    dedupeKey: `alert-call:${alert.id}:${alert.level}:${alert.reminders}${round(alert)}`,
    target: 'oncall',
    threadOf: alertKey(alert.id),
    onlyWhile: `alert:${alert.id}`,
    reply: {
      tone: 'warning',
      title: `${probeOf(alert.probe_id)?.title ?? alert.probe_id} is out of order, and ${what}${end}`,
      mentions,
      hint: 'Press “I have it” on the card above.',
      correlationId: alert.correlation_id,
    },
  });
}

async function callByName(sql: Sql, settings: Settings, cause: Cause, alert: HealthAlertRow): Promise<void> {
  const person = onCallAt(await callSettings(sql, settings, alert), alert.level);
  if (!person?.slackId) return;
  await postMessage(sql, cause, {
    dedupeKey: `alert-dm:${alert.id}:${alert.level}${round(alert)}`,
    target: `user:${person.slackId}`,
    onlyWhile: `alert:${alert.id}`,
    reply: {
      tone: 'warning',
      title: `${probeOf(alert.probe_id)?.title ?? alert.probe_id}: ${alert.detail}`,
      hint: `You are on call. Take it here, or in ${settings.channels.oncall}.`,
      buttons: [
        { kind: 'command', label: 'I have it', line: `alert acknowledge ${alert.id}` },
        { kind: 'command', label: 'Status', line: 'status' },
      ],
      correlationId: alert.correlation_id,
    },
  });
}

async function setCall(sql: Sql, cause: Cause, alertId: string, minutes: number): Promise<void> {
  await setTimer(sql, cause.now, {
    kind: 'alert_call',
    subject: alertId,
    dueAt: cause.now + minutes * MINUTE_MS,
  });
}

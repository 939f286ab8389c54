import type { Sql } from '#db/connection.ts';
import { findAlert, type HealthAlertRow, insertAlert, updateAlert } from '#db/health-alerts.ts';
import { deleteTimer } from '#db/timers.ts';
import type { Cause } from '#src/core/cause.ts';
import { spanWords } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import type { Settings } from '#src/core/settings.ts';
import { isDrill } from '#src/incidents/drill-mark.ts';
import { noteOpenIncidents } from '#src/incidents/note.ts';
import { postMessage } from '#src/outbox/post.ts';
import { alertKey, renewAlertCard } from './alert-card.ts';
import { callFirst } from './call.ts';
import type { Probe, Seen } from './probe.ts';
import { probeOf } from './probes.ts';

/** Tells on-call once, and begins to call whoever has the rota where it cannot wait. */
export async function openAlert(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  probe: Probe,
  seen: Seen,
  beganAt: number,
  drillId: string | null = null,
): Promise<void> {
  const row = await insertAlert(sql, {
    id: newId('alr', cause.now),
    probe_id: probe.id,
    detail: seen.detail,
    state: seen.state === 'degraded' ? 'degraded' : 'down',
    began_at: beganAt,
    opened_at: cause.now,
    correlation_id: cause.correlationId,
    drill_id: drillId,
  });
  if (!row) return;
  await renewAlertCard(sql, settings, cause, row);
  if (!probe.isQuiet) await callFirst(sql, settings, cause, row);
  if (isDrill(row)) return;
  await noteOpenIncidents(sql, cause, {
    kind: 'alert',
    text: `found ${probe.title} out of order: ${seen.detail}`,
    dedupeKey: `alert:${row.id}`,
  });
}

/** It is well again: the same card says so, and nobody is called any more. */
export async function closeAlert(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  open: HealthAlertRow,
  seen: Seen,
): Promise<void> {
  const row = await updateAlert(sql, open, { recovered_at: cause.now, recovered_detail: seen.detail });
  if (!row) return;
  await deleteTimer(sql, 'alert_call', row.id);
  await renewAlertCard(sql, settings, cause, row);
  const title = probeOf(row.probe_id)?.title ?? row.probe_id;
  const lasted = spanWords(cause.now - row.began_at);
  // An edit notifies nobody.
  await postMessage(sql, cause, {
    dedupeKey: `alert-over:${row.id}`,
    target: 'oncall',
    threadOf: alertKey(row.id),
    reply: {
      tone: 'done',
      title: `${title}: well again after ${lasted}.`,
      correlationId: row.correlation_id,
    },
  });
  if (isDrill(row)) return;
  await noteOpenIncidents(sql, cause, {
    kind: 'alert',
    text: `saw ${title} well again after ${lasted}`,
    dedupeKey: `alert-over:${row.id}`,
  });
}

/**
 * Somebody has it: nobody else is called.
 *
 * @throws UserError when it is over, or somebody has it already
 */
export async function acknowledgeAlert(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  id: string,
  isOver: boolean,
): Promise<HealthAlertRow> {
  const open = await requireOpenAlert(sql, id, isOver);
  const row = await updateAlert(sql, open, {
    acknowledged_by: cause.actor.person,
    acknowledged_name: cause.actor.name,
    acknowledged_at: cause.now,
  });
  if (!row)
    throw new UserError(
      'moved',
      'The alert changed this moment, so nothing was done.',
      'Look at it again: status',
    );
  await deleteTimer(sql, 'alert_call', id);
  await renewAlertCard(sql, settings, cause, row);
  return row;
}

export async function requireOpenAlert(sql: Sql, id: string, isOver: boolean): Promise<HealthAlertRow> {
  const row = await findAlert(sql, id);
  if (!row)
    throw new UserError('not_found', `There is no alert ${id}.`, '“status” shows which alerts are open.');
  if (row.recovered_at !== null)
    throw new UserError(
      'conflict',
      'That is well again already, so nobody has to take it.',
      'See how everything is: status',
    );
  if (row.acknowledged_name !== null && !isOver)
    throw new UserError(
      'conflict',
      `${row.acknowledged_name} has it already.`,
      `Help in the thread of the alert’s card, or take it over: alert acknowledge ${id} --over`,
    );
  return row;
}

import type { Sql } from '#db/connection.ts';
import { countWorseLooks, type HealthAlertRow, updateAlert } from '#db/health-alerts.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import { noteOpenIncidents } from '#src/incidents/note.ts';
import { renewAlertCard } from './alert-card.ts';
import { callFirst, callWorse } from './call.ts';
import type { Probe, Seen } from './probe.ts';

/**
 * It was degraded and is down: whoever took it took something else, so everybody is called anew. So many looks in a
 * row, as for an alert itself; nothing between them is told, and nothing is better before it is well.
 */
export async function watchWorse(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  probe: Probe,
  open: HealthAlertRow,
  seen: Seen,
): Promise<void> {
  if (open.state !== 'degraded' || probe.isQuiet) return;
  const looks = seen.state === 'down' ? open.worse_looks + 1 : 0;
  if (looks < settings.health.fail_after) {
    if (looks !== open.worse_looks) await countWorseLooks(sql, open.id, looks);
    return;
  }
  const row = await updateAlert(sql, open, {
    detail: seen.detail,
    state: 'down',
    worse_looks: 0,
    worse_at: cause.now,
    level: 0,
    reminders: 0,
    acknowledged_by: null,
    acknowledged_name: null,
    acknowledged_at: null,
  });
  if (!row) return;
  await renewAlertCard(sql, settings, cause, row);
  await callWorse(sql, settings, cause, row, open.acknowledged_name);
  await callFirst(sql, settings, cause, row);
  await noteOpenIncidents(sql, cause, {
    kind: 'alert',
    text: `found ${probe.title} worse than before: ${seen.detail}`,
    dedupeKey: `alert-worse:${row.id}`,
  });
}

import type { Sql } from '#db/connection.ts';
import { type DrillOutcome, type DrillRow, updateDrill } from '#db/drills.ts';
import { lockIncident } from '#db/incidents.ts';
import { updatePostmortem } from '#db/postmortems.ts';
import { deleteTimer } from '#db/timers.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import { closeAlert } from '#src/health/alert.ts';
import { ok } from '#src/health/probe.ts';
import { changeIncident } from '#src/incidents/change.ts';
import { participantsOf } from '#src/incidents/drill-mark.ts';
import { postMessage } from '#src/outbox/post.ts';
import { describeDrill, drillKey, renewDrillCard } from './card.ts';
import { readDrillFacts } from './read-facts.ts';
import { scoreOf } from './score.ts';

/**
 * Ends a drill, in one transaction: whatever it had begun is closed, so that nothing of it calls anybody later. Null
 * when somebody else ended it this moment.
 */
export async function endDrill(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  drill: DrillRow,
  outcome: DrillOutcome,
): Promise<DrillRow | null> {
  await closeIncident(sql, cause, drill);
  const facts = await readDrillFacts(sql, drill.id);
  if (facts.alert?.recovered_at === null)
    await closeAlert(sql, settings, cause, facts.alert, ok('The drill is over.'));
  const row = await updateDrill(sql, drill, {
    ended_at: cause.now,
    outcome,
    ended_name: cause.actor.name,
    ended_reason: cause.reason,
    step: outcome === 'done' ? 'done' : drill.step,
    score: JSON.stringify(scoreOf(drill, facts)),
  });
  if (!row) return null;
  await renewDrillCard(sql, settings, cause, row);
  const said = await describeDrill(sql, settings, row);
  // An edit notifies nobody.
  await postMessage(sql, cause, {
    dedupeKey: `drill-end:${row.id}`,
    target: 'oncall',
    threadOf: drillKey(row.id),
    reply: {
      ...said,
      mentions: { users: participantsOf(row).flatMap(({ slackId }) => slackId ?? []) },
    },
  });
  return row;
}

async function closeIncident(sql: Sql, cause: Cause, drill: DrillRow): Promise<void> {
  const { incident } = await readDrillFacts(sql, drill.id);
  if (!incident) return;
  const held = await lockIncident(sql, incident.id);
  if (held && held.state !== 'resolved')
    await changeIncident(
      sql,
      cause,
      held,
      { state: 'resolved', resolved_at: cause.now },
      { kind: 'state', text: 'ended the drill' },
    );
  await updatePostmortem(sql, incident.id, {
    state: 'waived',
    ended_at: cause.now,
    ended_by: cause.actor.name,
    ended_reason: 'The drill ended.',
  });
  await deleteTimer(sql, 'incident_clock', incident.id);
  await deleteTimer(sql, 'postmortem_due', incident.id);
}

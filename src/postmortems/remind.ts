import type { Sql } from '#db/connection.ts';
import { findIncident } from '#db/incidents.ts';
import { findPostmortem, updatePostmortem } from '#db/postmortems.ts';
import { setTimer } from '#db/timers.ts';
import { mentionsOfRole } from '#src/approvals/mentions.ts';
import type { Cause } from '#src/core/cause.ts';
import { DAY_MS, MINUTE_MS, spanWords } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { callSettings, isDrill, leaderId } from '#src/incidents/drill-mark.ts';
import { incidentName } from '#src/incidents/find.ts';
import { tellItsPeople } from '#src/incidents/private.ts';

/** Four hours before it is due, when it is due, and every day from then on until it is filed or waived. */
export async function remindOfPostmortem(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  incidentId: string,
): Promise<void> {
  const row = await findPostmortem(sql, incidentId);
  const incident = await findIncident(sql, incidentId);
  if (row?.state !== 'draft' || incident?.state !== 'resolved') return;
  const name = incidentName(incident);
  const left = row.due_at - cause.now;
  const calls = await callSettings(sql, settings, incident);
  const slackId = leaderId(calls, incident);
  const again = isDrill(incident) ? 5 * MINUTE_MS : DAY_MS;
  await updatePostmortem(sql, incidentId, { reminders: row.reminders + 1 });
  await tellItsPeople(sql, settings, cause, incident, {
    dedupeKey: `postmortem:${incidentId}:${row.reminders}`,
    onlyWhile: `postmortem:${incidentId}`,
    reply: {
      tone: 'warning',
      title:
        left > 0
          ? `The postmortem of ${name} is due in ${spanWords(left)}.`
          : `The postmortem of ${name} is ${spanWords(-left)} late.`,
      hint: 'Lucy has drafted it from the timeline; add what happened, why, and what was learnt.',
      mentions: slackId ? { users: [slackId] } : mentionsOfRole(calls, 'oncall'),
      buttons: [
        { kind: 'command', label: 'Read the draft', line: `incident postmortem ${name}` },
        { kind: 'command', label: 'Write', line: `postmortem write ${name}` },
      ],
      correlationId: incident.correlation_id,
    },
  });
  await setTimer(sql, cause.now, {
    kind: 'postmortem_due',
    subject: incidentId,
    dueAt: left > 0 ? row.due_at : cause.now + again,
  });
}

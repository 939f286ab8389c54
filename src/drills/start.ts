import type { Sql } from '#db/connection.ts';
import { type DrillParticipant, type DrillRow, findOpenDrill, insertDrill } from '#db/drills.ts';
import { listOpenIncidents } from '#db/incidents.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import type { Settings } from '#src/core/settings.ts';
import { listed } from '#src/core/text.ts';
import { openAlert } from '#src/health/alert.ts';
import { drill as drillProbe } from '#src/health/probes/drill.ts';
import { incidentName } from '#src/incidents/find.ts';
import { renewDrillCard } from './card.ts';
import { sayNext } from './coach.ts';
import { readDrillFacts } from './read-facts.ts';

/** What the drill finds out of order, said as the real alert would say it. */
const FOUND = 'checkout is down: half of the payments fail';

/** @throws UserError while something real is going on, or another drill */
export async function requireQuiet(sql: Sql): Promise<void> {
  const open = await listOpenIncidents(sql);
  if (open.length > 0)
    throw new UserError(
      'conflict',
      `${listed(open.map(incidentName))} ${open.length === 1 ? 'is' : 'are'} open, and a drill now would only confuse.`,
      'Start the drill when nothing real is going on: incident list',
    );
  const running = await findOpenDrill(sql);
  if (running)
    throw new UserError(
      'conflict',
      `${running.started_name} started a drill already, and it is still on.`,
      'See how far it is: drill list; or end it: drill stop --reason "…"',
    );
}

/** The alert is the first thing that happens; from there on it is up to people, or to Lucy when she plays. */
export async function startDrill(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  wanted: { pace: number; participants: readonly DrillParticipant[]; isPlayed: boolean },
): Promise<DrillRow> {
  const row = await insertDrill(sql, {
    id: newId('drl', cause.now),
    pace: wanted.pace,
    participants: JSON.stringify(wanted.participants),
    played_at: wanted.isPlayed ? cause.now : null,
    step: 'acknowledge',
    step_at: cause.now,
    started_by: cause.actor.person,
    started_name: cause.actor.name,
    started_at: cause.now,
    correlation_id: cause.correlationId,
  });
  if (!row)
    throw new UserError(
      'moved',
      'Somebody else started a drill this moment.',
      'See how far it is: drill list',
    );
  await renewDrillCard(sql, settings, cause, row);
  const seen = { state: 'down' as const, detail: FOUND };
  await openAlert(sql, settings, cause, drillProbe, seen, cause.now, row.id);
  await renewDrillCard(sql, settings, cause, row);
  await sayNext(sql, settings, cause, row, 'acknowledge', await readDrillFacts(sql, row.id));
  return row;
}

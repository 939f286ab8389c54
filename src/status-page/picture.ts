import type { Sql } from '#db/connection.ts';
import { type IncidentUpdateRow, listIncidentUpdates } from '#db/incident-updates.ts';
import { type IncidentRow, listPublicIncidents } from '#db/incidents.ts';
import { DAY_MS, MINUTE_MS } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { type Impact, type Impacts, impacts as impactOrder, readImpacts } from '#src/incidents/impact.ts';
import { type Day, daysOf } from './history.ts';

export const HISTORY_DAYS = 90;

export type PublicIncident = {
  /** Opaque and stable: an anchor, and the id of its feed entries. */
  id: string;
  title: string;
  state: IncidentRow['state'];
  startedAt: number;
  resolvedAt: number | null;
  /** When the next update is promised; null when it is over. */
  nextUpdateAt: number | null;
  impacts: Impacts;
  /** Newest first. */
  updates: { id: string; state: IncidentRow['state']; body: string; at: number }[];
};

export type StatusPicture = {
  title: string;
  /** When something about it last changed; null when nothing ever did. */
  changedAt: number | null;
  components: { id: string; name: string; impact: Impact | null; days: Day[] }[];
  open: PublicIncident[];
  /** Of the last 90 days, newest first. */
  past: PublicIncident[];
};

/** All that customers may know, from what was published alone. */
export async function readStatusPicture(sql: Sql, settings: Settings, now: number): Promise<StatusPicture> {
  const since = now - HISTORY_DAYS * DAY_MS;
  const rows = await listPublicIncidents(sql, since);
  const updates = await listIncidentUpdates(
    sql,
    rows.map(({ id }) => id),
  );
  const byIncident = Map.groupBy(updates, ({ incident_id }) => incident_id);
  const incidents = rows.map((row) => publicOf(settings, row, byIncident.get(row.id) ?? []));
  const open = incidents.filter(({ state }) => state !== 'resolved');
  return {
    title: settings.status_page.title,
    changedAt: updates.reduce<number | null>(
      (last, { published_at }) => Math.max(last ?? 0, published_at),
      null,
    ),
    components: settings.status_page.components.map(({ id, name }) => ({
      id,
      name,
      impact: worst(open.flatMap((incident) => incident.impacts[id] ?? [])),
      days: daysOf(updates, id, now, HISTORY_DAYS),
    })),
    open,
    past: incidents.filter(({ state }) => state === 'resolved'),
  };
}

function publicOf(
  settings: Settings,
  row: IncidentRow,
  updates: readonly IncidentUpdateRow[],
): PublicIncident {
  const isOver = row.state === 'resolved';
  return {
    id: row.id.replace(/^inc_/, ''),
    title: row.public_title ?? row.title,
    // The state that customers were told, whatever happens inside.
    state: updates.at(-1)?.state ?? row.state,
    startedAt: row.declared_at,
    resolvedAt: row.resolved_at,
    nextUpdateAt: isOver ? null : row.clock_at + settings.incidents.update_every_minutes * MINUTE_MS,
    impacts: isOver ? {} : readImpacts(row.impacts),
    updates: updates
      .map(({ id, state, body, published_at }) => ({ id, state, body, at: published_at }))
      .reverse(),
  };
}

function worst(found: readonly Impact[]): Impact | null {
  return impactOrder.findLast((impact) => found.includes(impact)) ?? null;
}

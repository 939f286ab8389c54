import type { IncidentUpdateRow } from '#db/incident-updates.ts';
import { DAY_MS, MINUTE_MS } from '#src/core/clock.ts';
import { type Impact, impacts as impactOrder, readImpacts } from '#src/incidents/impact.ts';

/** A day in UTC: the worst that was published of it, and for how many minutes anything was out of order. */
export type Day = { date: string; worst: Impact | null; minutes: number };

type Span = { from: number; to: number; impact: Impact };

/** The last days of one component, oldest first, today included. */
export function daysOf(
  updates: readonly IncidentUpdateRow[],
  componentId: string,
  now: number,
  count: number,
): Day[] {
  const spans = spansOf(updates, componentId, now);
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  return Array.from({ length: count }, (_, index) => {
    const start = today - (count - 1 - index) * DAY_MS;
    const touched = spans.flatMap(({ from, to, impact }) => {
      const ms = Math.min(to, start + DAY_MS) - Math.max(from, start);
      return ms > 0 || (from >= start && from < start + DAY_MS) ? [{ impact, ms: Math.max(0, ms) }] : [];
    });
    return {
      date: new Date(start).toISOString().slice(0, 10),
      worst: impactOrder.findLast((impact) => touched.some((span) => span.impact === impact)) ?? null,
      minutes: Math.round(touched.reduce((sum, { ms }) => sum + ms, 0) / MINUTE_MS),
    };
  });
}

/** From each update that names the component to the next one of the same incident. */
function spansOf(updates: readonly IncidentUpdateRow[], componentId: string, now: number): Span[] {
  const byIncident = Map.groupBy(updates, ({ incident_id }) => incident_id);
  return [...byIncident.values()].flatMap((own) =>
    own.flatMap((update, index): Span[] => {
      const impact = readImpacts(update.impacts)[componentId];
      const to = own[index + 1]?.published_at ?? now;
      return impact ? [{ from: update.published_at, to, impact }] : [];
    }),
  );
}

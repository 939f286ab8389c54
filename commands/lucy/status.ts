import { z } from 'zod';
import { listPendingApprovals } from '#db/approvals.ts';
import { type HealthAlertRow, listOpenAlerts } from '#db/health-alerts.ts';
import { type HealthProbeRow, listProbes } from '#db/health-probes.ts';
import { type IncidentRow, listOpenIncidents } from '#db/incidents.ts';
import { formatUtc, isoTime, MINUTE_MS, spanWords } from '#src/core/clock.ts';
import { counted, listed } from '#src/core/text.ts';
import { probes } from '#src/health/probes.ts';
import { incidentName } from '#src/incidents/find.ts';
import { privateWords, readableBy } from '#src/incidents/private.ts';
import type { Reply, Value } from '#src/replies/reply.ts';
import { defineLookup } from '#src/runner/define-command.ts';

const marks = { ok: 'well', degraded: 'not well', down: 'down', unknown: 'not known' };
/** Lucy looks every half minute; what is much older was seen by a service that does not run. */
const STALE_MS = 10 * MINUTE_MS;

/** How everything is, in one look. */
export const status = defineLookup({
  name: 'status',
  summary: 'Show how everything is: health, alerts, incidents, and what waits',
  examples: ['status'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({}),
  positionals: [],

  async answer(_input, { sql, cause: { now, actor } }) {
    const seen = new Map((await listProbes(sql)).map((row) => [row.id, row]));
    const rows = probes.flatMap((probe) => {
      const row = seen.get(probe.id);
      return row && row.checked_at > 0 ? [{ title: probe.title, row }] : [];
    });
    const alerts = await listOpenAlerts(sql);
    const incidents = await listOpenIncidents(sql);
    const readable = new Set(await readableBy(sql, actor, incidents));
    const waiting = (await listPendingApprovals(sql, null, 50)).length;
    const newest = Math.max(0, ...rows.map(({ row }) => row.checked_at));
    const isStale = now - newest > STALE_MS;
    // What was seen long ago is said of each, and of nothing that it is well.
    const ill = rows.filter(({ row }) => row.state !== 'ok' || isStale);
    const well = rows.flatMap(({ title, row }) => (row.state !== 'ok' || isStale ? [] : [title]));
    return {
      ...headline(rows, incidents, isStale),
      sections: [
        {
          heading: 'Incidents',
          lines: incidents.map((row): Value[] => [
            readable.has(row) ? `${incidentName(row)}, ${row.state}: ${row.title}` : privateWords(row),
          ]),
          empty: 'None is open.',
        },
        {
          heading: 'Alerts',
          lines: alerts.map((alert): Value[] => [{ code: alert.id }, alertWords(alert)]),
          empty: 'None is open.',
        },
        {
          heading: 'Health',
          table: {
            columns: ['What', 'Is', 'Since', 'Seen'],
            rows: ill.map(({ title, row }): Value[] => [
              title,
              marks[row.state],
              { at: row.since },
              row.detail,
            ]),
          },
          empty:
            rows.length > 0
              ? `All of it is well: ${listed(well)}. Last looked at ${formatUtc(newest)}.`
              : 'Nothing was looked at yet: the service looks half a minute after its start.',
        },
        ...(ill.length > 0 && well.length > 0
          ? [{ heading: othersWords(well.length), lines: [[listed(well)]] }]
          : []),
      ],
      facts: [{ label: 'Approvals', value: waiting === 0 ? 'none wait' : `${waiting} wait` }],
      warnings:
        isStale && rows.length > 0
          ? [`The last look was ${spanWords(now - newest)} ago: does the service run?`]
          : [],
      buttons: [
        ...alerts
          .filter((alert) => alert.acknowledged_at === null)
          .slice(0, 2)
          .map((alert) => ({
            kind: 'command' as const,
            label: 'I have it',
            line: `alert acknowledge ${alert.id}`,
          })),
        ...incidents.slice(0, 2).map((row) => ({
          kind: 'command' as const,
          label: `Show ${incidentName(row)}`,
          line: `incident status ${incidentName(row)}`,
        })),
      ],
      json: {
        health: rows.map(({ row }) => ({
          id: row.id,
          state: row.state,
          detail: row.detail,
          since: isoTime(row.since),
          checkedAt: isoTime(row.checked_at),
        })),
        alerts: alerts.map((alert) => ({
          id: alert.id,
          probe: alert.probe_id,
          has: alert.acknowledged_name,
        })),
        incidents: incidents.map((row) => ({
          incident: incidentName(row),
          state: row.state,
          title: row.title,
        })),
        approvalsWaiting: waiting,
      },
    };
  },
});

function headline(
  rows: readonly { title: string; row: HealthProbeRow }[],
  incidents: readonly IncidentRow[],
  isStale: boolean,
): Pick<Reply, 'tone' | 'title'> {
  const bad = rows.filter(({ row }) => row.state === 'down' || row.state === 'degraded');
  const open = incidents.length > 0 ? `${counted(incidents.length, 'incident')} open. ` : '';
  if (bad.length > 0)
    return { tone: 'warning', title: `${open}Out of order: ${listed(bad.map(({ title }) => title))}.` };
  if (isStale) return { tone: 'warning', title: `${open}How everything is, is not known now.` };
  return {
    tone: incidents.length > 0 ? 'warning' : 'info',
    title:
      incidents.length > 0
        ? `${counted(incidents.length, 'incident')} open. Lucy’s own checks find nothing wrong.`
        : 'Everything that Lucy looks at is well.',
  };
}

function othersWords(count: number): string {
  return count === 1 ? 'One other is well' : `${count} others are well`;
}

function alertWords(alert: HealthAlertRow): string {
  return `${alert.detail} ${alert.acknowledged_name === null ? 'Nobody has it yet.' : `${alert.acknowledged_name} has it.`}`;
}

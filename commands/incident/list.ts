import { z } from 'zod';
import { type IncidentRow, listIncidents } from '#db/incidents.ts';
import { isoTime, spanWords } from '#src/core/clock.ts';
import { counted } from '#src/core/text.ts';
import { incidentName } from '#src/incidents/find.ts';
import { readableBy } from '#src/incidents/private.ts';
import type { Value } from '#src/replies/reply.ts';
import { defineLookup } from '#src/runner/define-command.ts';

const SHOWN_MAX = 30;

export const incidentList = defineLookup({
  name: 'incident list',
  summary: 'List the incidents, newest first',
  examples: ['incident list'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({}),
  positionals: [],

  async answer(_input, { sql, cause }) {
    const all = await listIncidents(sql, SHOWN_MAX);
    const readable = new Set(await readableBy(sql, cause.actor, all));
    const rows = all.map((row) => (readable.has(row) ? row : { ...row, severity: null, title: 'private' }));
    const open = rows.filter(({ state }) => state !== 'resolved');
    return {
      tone: open.length > 0 ? 'warning' : 'info',
      title:
        open.length > 0
          ? `${counted(open.length, 'incident')} ${open.length === 1 ? 'is' : 'are'} open.`
          : 'No incident is open.',
      sections: [
        {
          heading: 'Incidents',
          table: {
            columns: ['Incident', 'State', 'Severity', 'Declared', 'Lasted', 'What'],
            rows: rows.map(rowOf),
          },
          empty: 'There was none yet.',
        },
      ],
      buttons: open.slice(0, 3).map((row) => ({
        kind: 'command',
        label: `Show ${incidentName(row)}`,
        line: `incident status ${incidentName(row)}`,
      })),
      json: rows.map((row) => ({
        incident: incidentName(row),
        title: row.title,
        state: row.state,
        severity: row.severity,
        declaredAt: isoTime(row.declared_at),
        resolvedAt: row.resolved_at === null ? null : isoTime(row.resolved_at),
      })),
    };
  },
});

function rowOf(row: IncidentRow): Value[] {
  return [
    incidentName(row),
    row.state,
    row.severity?.toUpperCase() ?? 'not set',
    { at: row.declared_at },
    row.resolved_at === null ? 'open' : spanWords(row.resolved_at - row.declared_at),
    row.title,
  ];
}

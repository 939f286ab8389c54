import type { AuditEventRow } from '#db/audit-events.ts';
import type { IncidentRow } from '#db/incidents.ts';

type Said = Pick<
  AuditEventRow,
  'command' | 'at' | 'correlation_id' | 'input' | 'before' | 'after' | 'reason'
>;

/**
 * Whether an audit row tells of one of these incidents. What a command about an incident does not name may be one of
 * them from the moment on at which it was declared, so it counts as told.
 */
export function tellsOf(hidden: readonly IncidentRow[], row: Said): boolean {
  if (hidden.some((incident) => incident.correlation_id === row.correlation_id)) return true;
  if (!/^(incident|postmortem) /.test(row.command)) return false;
  const named = namedIn(`${row.input} ${row.before} ${row.after}`);
  if (named.size > 0) return hidden.some(({ number }) => named.has(number));
  return hidden.some(({ declared_at }) => declared_at <= row.at);
}

/** By number: INC-7, DRILL-8, or the number alone where the incident is named. */
function namedIn(text: string): Set<number> {
  const found = text.matchAll(/\b(?:INC|DRILL)-(\d{1,9})\b|"incident":"(\d{1,9})"/gi);
  return new Set([...found].map(([, named, bare]) => Number(named ?? bare)));
}

/** The row without its words: that there was one is no secret, what it says is. */
export function withoutWords<T extends Said>(row: T): T {
  return { ...row, input: '{}', before: 'null', after: 'null', reason: 'Of a private incident' };
}

import type { Sql } from '#db/connection.ts';
import { type IncidentRow, listIncidentsSince } from '#db/incidents.ts';
import type { Cause } from '#src/core/cause.ts';
import { HOUR_MS, spanWords } from '#src/core/clock.ts';
import { lineWithFlags } from '#src/replies/line-with-flags.ts';
import type { ReplyButton } from '#src/replies/reply.ts';
import { incidentName } from './find.ts';
import { readableBy } from './private.ts';

const SHOWN_MAX = 5;

/**
 * The incidents that one which is being declared may be: open, or begun or ended within the last hour. Those whose
 * title shares most words come first.
 *
 * @param title null while nobody knows it
 */
export async function alikeIncidents(
  sql: Sql,
  title: string | null,
  { now, actor }: Cause,
): Promise<IncidentRow[]> {
  const recent = await readableBy(sql, actor, await listIncidentsSince(sql, now - HOUR_MS, 50));
  const wanted = wordsOf(title ?? '');
  const shared = (row: IncidentRow) => [...wordsOf(row.title)].filter((word) => wanted.has(word)).length;
  const isOver = (row: IncidentRow) => (row.state === 'resolved' ? 1 : 0);
  return recent
    .toSorted((a, b) => shared(b) - shared(a) || isOver(a) - isOver(b) || b.number - a.number)
    .slice(0, SHOWN_MAX);
}

/** What the same thing is called twice by: no “the” and no “is”. */
function wordsOf(title: string): Set<string> {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [];
  return new Set(words.filter((word) => !everyday.has(word)));
}

const everyday = new Set([
  'and',
  'are',
  'for',
  'from',
  'has',
  'have',
  'not',
  'our',
  'the',
  'was',
  'with',
  'down',
]);

/** One of them as a warning. */
export function alikeWarning(row: IncidentRow, now: number): string {
  const name = incidentName(row);
  return row.resolved_at === null
    ? `${name} is open already: ${row.title}. If it is the same, add a note there instead.`
    : `${name} was resolved ${spanWords(now - row.resolved_at)} ago: ${row.title}. If it came back, reopen it instead.`;
}

/** What to do instead of declaring another one; what was typed goes along. */
export function alikeButton(row: IncidentRow, title: string | null): ReplyButton {
  const name = incidentName(row);
  const said = title ?? undefined;
  return row.resolved_at === null
    ? {
        kind: 'command',
        label: `Add a note to ${name} instead`,
        line: lineWithFlags('incident note', [
          ['incident', name],
          ['text', said],
        ]),
      }
    : {
        kind: 'command',
        label: `Reopen ${name} instead`,
        line: lineWithFlags(`incident reopen ${name}`, [['reason', said]]),
      };
}

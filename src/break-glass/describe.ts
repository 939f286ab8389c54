import type { BreakGlassRow } from '#db/break-glass.ts';
import type { Sql } from '#db/connection.ts';
import { formatUtc, isoTime } from '#src/core/clock.ts';
import type { Section, Value } from '#src/replies/reply.ts';
import { clockTime } from './clock-time.ts';
import { type DoneUnder, doneLines, doneWords, readDoneUnder } from './done-under.ts';

export type ListedGlass = {
  glass: BreakGlassRow;
  /** `waiting` for its review; over at its last moment, whether or not anybody has noticed. */
  state: 'open' | 'waiting' | 'reviewed';
  done: DoneUnder[];
};

export async function listedGlass(sql: Sql, glass: BreakGlassRow, now: number): Promise<ListedGlass> {
  const isOpen = glass.ended_at === null && glass.ends_at > now;
  const state = glass.reviewed_at !== null ? 'reviewed' : isOpen ? 'open' : 'waiting';
  return { glass, state, done: await readDoneUnder(sql, glass.id) };
}

/** Who, when, why and what was done; red until somebody has signed it. */
export function describeGlass({ glass, state, done }: ListedGlass, now: number): Section {
  const { actor_name: name, started_at: from, ends_at: until, ended_at: endedAt } = glass;
  const heading =
    state === 'open'
      ? `🔴 ${name}, open until ${clockTime(until, now)}`
      : `🔴 ${name}, ${formatUtc(from)} to ${clockTime(endedAt ?? until, from)}, not reviewed`;
  return {
    heading,
    lines: [
      ['Why', `${glass.reason} (${glass.ticket})`],
      ['Break-glass', { code: glass.id }],
      ['Done', `${doneWords(done)}${done.length > 0 ? ':' : '.'}`],
      ...doneLines(done),
    ],
  };
}

export function reviewedSection(reviewed: readonly ListedGlass[]): Section {
  return {
    heading: 'Reviewed last',
    lines: reviewed.map(({ glass, done }): Value[] => [
      { code: glass.id },
      `${glass.actor_name}, ${formatUtc(glass.started_at)}: ${doneWords(done)}. ${glass.reviewer_name}: ${glass.review_note}`,
    ]),
    empty: 'None yet.',
  };
}

/** For `--json`. */
export function glassJson({ glass, state, done }: ListedGlass): Record<string, unknown> {
  const at = (moment: number | null) => (moment === null ? null : isoTime(moment));
  return {
    glass: glass.id,
    state,
    person: glass.person,
    name: glass.actor_name,
    reason: glass.reason,
    ticket: glass.ticket,
    startedAt: at(glass.started_at),
    endsAt: at(glass.ends_at),
    endedAt: at(glass.ended_at),
    endedBy: glass.ended_name,
    reviewedAt: at(glass.reviewed_at),
    reviewedBy: glass.reviewer_name,
    note: glass.review_note,
    done: done.map((thing) => ({ at: isoTime(thing.at), what: thing.what, run: thing.runId })),
    correlationId: glass.correlation_id,
  };
}

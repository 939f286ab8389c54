import type { Sql } from '#db/connection.ts';
import { readInstallation, writeInstallation } from '#db/installation.ts';
import { eventRules } from './event-types.ts';

/** docs.stripe.com/api/events/list: at most this many types in one question. */
const TYPES_MAX = 20;

/** Where the poll stands with some of the types. Times are Stripe's own, so a wrong clock of ours loses nothing. */
export type PollGroup = {
  types: string[];
  /** Up to this moment everything was seen; milliseconds. */
  cursor: number;
  /** The newest event of the look that is under way, and the last one of its last page; null between looks. */
  newest: number | null;
  after: string | null;
};

export type PollState = {
  groups: PollGroup[];
  /** Looks in a row that Stripe did not answer, and until when it is left alone. */
  failures: number;
  notBefore: number;
  error: string | null;
  /** When a look last came to its end. */
  lookedAt: number | null;
};

/** All the types that Lucy knows, in groups that fit into one question each. */
export function typeGroups(): string[][] {
  const types = Object.keys(eventRules).sort();
  return Array.from({ length: Math.ceil(types.length / TYPES_MAX) }, (_none, index) =>
    types.slice(index * TYPES_MAX, (index + 1) * TYPES_MAX),
  );
}

/** Where the poll stands; null before the first look. */
export async function readPollState(sql: Sql): Promise<PollState | null> {
  const text = await readInstallation(sql, 'events_poll');
  return text === null ? null : (JSON.parse(text) as PollState);
}

export async function writePollState(sql: Sql, state: PollState, now: number): Promise<void> {
  await writeInstallation(sql, 'events_poll', JSON.stringify(state), now);
}

/** Begins at `since`, or goes on. When the types are others than before, all go on from where the slowest was. */
export function continuePoll(kept: PollState | null, since: number): PollState {
  const groups = typeGroups();
  const known = kept?.groups.map((group) => group.types) ?? [];
  if (kept && JSON.stringify(known) === JSON.stringify(groups)) return kept;
  const cursor = kept ? Math.min(...kept.groups.map((group) => group.cursor)) : since;
  return {
    ...(kept ?? { failures: 0, notBefore: 0, error: null, lookedAt: null }),
    groups: groups.map((types) => ({ types, cursor, newest: null, after: null })),
  };
}

import { type DoneUnderRow, listDoneUnderGlass } from '#db/break-glass.ts';
import type { Sql } from '#db/connection.ts';
import { formatUtc } from '#src/core/clock.ts';
import { counted } from '#src/core/text.ts';
import { type Fact, readReply, type Section, type Value } from '#src/replies/reply.ts';

/** In an hour a person does not do more with a click for each; a script's last ones stand in the audit alone. */
const ROWS_MAX = 500;
/** A preview shows so many facts. */
const FACTS_MAX = 15;

/** One thing that was done under a break-glass. */
export type DoneUnder = { at: number; what: string; runId: string | null };

/** What was done under it so far, once per run, oldest first: what Stripe confirms later comes later. */
export async function readDoneUnder(sql: Sql, glassId: string): Promise<DoneUnder[]> {
  const byRun = new Map<string, DoneUnder>();
  for (const [index, row] of (await listDoneUnderGlass(sql, glassId, ROWS_MAX)).entries())
    byRun.set(row.run_id ?? `row ${index}`, { at: row.at, what: whatOf(row), runId: row.run_id });
  return [...byRun.values()];
}

/** As its receipt says it; a refusal or a failure by the command's name. */
function whatOf({ outcome, command, reply }: DoneUnderRow): string {
  const receipt = readReply(reply);
  if (outcome === 'done' && receipt) return receipt.title;
  return outcome === 'done' ? command : `${command} (${outcome})`;
}

/** `2 things were done under it`. */
export function doneWords(done: readonly DoneUnder[]): string {
  if (done.length === 0) return 'nothing was done under it';
  return `${counted(done.length, 'thing')} ${done.length === 1 ? 'was' : 'were'} done under it`;
}

export function doneLines(done: readonly DoneUnder[]): Value[][] {
  return done.map(({ at, what, runId }) => [{ at }, what, ...(runId ? [{ code: runId }] : [])]);
}

/** For a preview, which has facts only. */
export function doneFacts(done: readonly DoneUnder[]): Fact[] {
  const facts = done.slice(0, FACTS_MAX).map(({ at, what }) => ({ label: formatUtc(at), value: what }));
  const more = done.length - facts.length;
  return [
    { label: 'Done under it', value: doneWords(done) },
    ...facts,
    ...(more > 0 ? [{ label: 'And', value: `${counted(more, 'more thing')}; see “break-glass list”` }] : []),
  ];
}

export function doneSection(done: readonly DoneUnder[]): Section {
  return { heading: 'Done under it', lines: doneLines(done), empty: 'Nothing.' };
}

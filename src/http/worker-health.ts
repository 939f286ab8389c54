import type { Database } from '#db/connection.ts';
import { type HealthProbeRow, listProbes } from '#db/health-probes.ts';
import { type Clock, isoTime, MINUTE_MS, spanWords } from '#src/core/clock.ts';
import { probeOf } from '#src/health/probes.ts';

type Seen = { state: 'ok' | 'degraded' | 'down'; detail: string };

/** So many looks may be missed before a worker counts as gone. */
const MISSED_LOOKS = 3;

/**
 * What the workers saw, from the rows that they write: a web process has no other sign of them. What was seen too long
 * ago is left out, since nobody knows whether it is still so.
 *
 * @param startedAt when this process began to wait for a first look
 */
export async function readWorkers(
  { database, clock }: { database: Database; clock: Clock },
  lookEveryMs: number,
  startedAt: number,
): Promise<Record<string, Seen>> {
  const now = clock.now();
  const lateMs = Math.max(MISSED_LOOKS * lookEveryMs, MINUTE_MS);
  const rows = (await listProbes(database.knex)).filter(({ state }) => state !== 'unknown');
  const newest = Math.max(0, ...rows.map((row) => row.checked_at));
  const isGone = now - Math.max(newest, startedAt) > lateMs;
  const fresh = rows.filter((row) => now - row.checked_at <= lateMs);
  return {
    worker: isGone
      ? { state: 'degraded', detail: gone(newest, now) }
      : { state: 'ok', detail: 'Work is done.' },
    ...Object.fromEntries(fresh.map((row) => [row.id, seenOf(row)])),
  };
}

function gone(newest: number, now: number): string {
  const since = newest === 0 ? 'yet' : `for ${spanWords(now - newest)}`;
  return `No worker has looked around ${since}, so messages, timers and customers wait; start one with --role worker.`;
}

/** Everybody may ask, so details, which may name hosts, stay in `status`. */
function seenOf(row: HealthProbeRow): Seen {
  const title = probeOf(row.id)?.title ?? row.id;
  const state = row.state === 'unknown' ? 'degraded' : row.state;
  return { state, detail: `${title}: ${state} since ${isoTime(row.since)}. “status” says more.` };
}

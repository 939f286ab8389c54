import type { Database } from '#db/connection.ts';
import { addRejects, type RejectCount } from '#db/webhook-rejects.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import type { Log } from '#src/core/log.ts';

/**
 * Counts refused deliveries in memory and writes them by the minute: a flood of forged requests costs neither a row
 * nor a log line each.
 */
export function createRejectCounter(database: Database, log: Log) {
  const counts = new Map<string, RejectCount>();
  const loggedMinute = new Map<string, number>();

  function keep(entry: RejectCount): void {
    const key = `${entry.minuteAt}:${entry.reason}`;
    const known = counts.get(key);
    counts.set(key, known ? { ...known, count: known.count + entry.count } : entry);
  }

  return {
    count(reason: string, detail: string, now: number): void {
      const minuteAt = Math.floor(now / MINUTE_MS) * MINUTE_MS;
      const key = `${minuteAt}:${reason}`;
      const known = counts.get(key);
      if (known) known.count++;
      else counts.set(key, { minuteAt, reason, count: 1, detail });
      if (loggedMinute.get(reason) === minuteAt) return;
      loggedMinute.set(reason, minuteAt);
      log.warn({ event: 'webhook_rejected', reason }, detail);
    },
    /** Writes what was counted since; what cannot be written now is kept for the next time. */
    async flush(): Promise<void> {
      const batch = [...counts.values()];
      if (batch.length === 0) return;
      counts.clear();
      try {
        await addRejects(database.knex, batch);
      } catch (error) {
        for (const entry of batch) keep(entry);
        log.warn(
          { err: error, event: 'webhook_rejects_unwritten' },
          'Counts of refused deliveries could not be written',
        );
      }
    },
  };
}

export type RejectCounter = ReturnType<typeof createRejectCounter>;

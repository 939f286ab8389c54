import type { Database } from '#db/connection.ts';
import { endTurn, holdTurn, renewTurn, takeTurn } from '#db/job-turns.ts';
import { patiently } from '#db/transaction.ts';
import type { Fence } from '#src/billing-events/deps.ts';
import { keepLease, LEASE_MS } from '#src/billing-events/keep-lease.ts';
import type { Clock } from '#src/core/clock.ts';
import { newId } from '#src/core/ids.ts';
import type { Job } from './worker.ts';

/** Somebody else has the turn by now: nothing of this one may be written. */
export class TurnLost extends Error {
  constructor(name: string) {
    super(`Another process has taken over “${name}”, so this one wrote nothing more.`);
  }
}

/** A little early, so that a timer that fires early does not miss a whole round. */
const EARLY = 0.9;

/**
 * What one process of all does at a time: its turn is a row with a lease, and the lease's token fences its writes, so
 * that a process that stood still for a minute and goes on changes nothing. Whoever looks first when it is due has it;
 * there is no leader.
 */
export function inTurn(
  deps: { database: Database; clock: Clock },
  job: Omit<Job, 'run' | 'parallel'> & { run(fence: Fence): Promise<number> },
): Job {
  const { database, clock } = deps;
  const { name, pauseMs } = job;
  return {
    ...job,
    parallel: 1,
    async run() {
      const now = clock.now();
      const token = newId('lease', now);
      if (!(await patiently(() => takeTurn(database.knex, name, { token, now, until: now + LEASE_MS }))))
        return 0;
      const stopKeeping = keepLease((until) => renewTurn(database.knex, name, token, until), clock);
      let nextAt = clock.now() + pauseMs * EARLY;
      try {
        const done = await job.run(async (sql) => {
          if (!(await holdTurn(sql, name, token))) throw new TurnLost(name);
        });
        if (done > 0) nextAt = 0;
        return done;
      } catch (error) {
        if (error instanceof TurnLost) return 0;
        // The worker tries again soon, and so may anybody.
        nextAt = 0;
        throw error;
      } finally {
        stopKeeping();
        await patiently(() => endTurn(database.knex, name, token, Math.round(nextAt)));
      }
    },
  };
}

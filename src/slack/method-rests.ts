import type { Database } from '#db/connection.ts';
import { findBudget, restBudget } from '#db/rate-budgets.ts';
import { inTransaction } from '#db/transaction.ts';
import { type Clock, SECOND_MS } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import type { Log } from '#src/core/log.ts';
import { slackProblem } from './slack-client.ts';

const MICROS = 1_000;
/** What waited for the same moment would otherwise come back together, and be too fast again. */
const SPREAD_MS = 3 * SECOND_MS;

/**
 * What Slack said of its pace, for all processes: a limit is of a method in the workspace, and “too fast” does not say
 * whether it was one channel’s or the workspace’s (docs.slack.dev/apis/web-api/rate-limits). So the whole method rests
 * until the moment that Slack named, and the other methods go on.
 */
export type MethodRests = {
  /** How long to wait before this method is called again; 0 when it may be called now. */
  leftMs(method: string): Promise<number>;
  /** Calls Slack, and writes down when it says “too fast”. */
  calling<T>(method: string, call: () => Promise<T>): Promise<T>;
};

export function createMethodRests(
  deps: { database: Database; clock: Clock; log: Log },
  random: () => number = Math.random,
): MethodRests {
  const { database, clock, log } = deps;

  async function begin(method: string, retryAfterMs: number): Promise<void> {
    const now = clock.now();
    try {
      await inTransaction(database, (sql) =>
        restBudget(sql, nameOf(method), (now + retryAfterMs) * MICROS, now),
      );
      log.warn({ event: 'slack_too_fast', method, retryAfterMs }, 'Slack wants a method to rest');
    } catch (error) {
      // The caller waits for itself; the others find out by asking.
      log.warn({ event: 'slack_rest_unwritten', method, err: error }, errorMessage(error));
    }
  }

  return {
    async leftMs(method) {
      // Where that cannot be read, Slack is asked, and says it itself; no message is given up for it.
      const row = await findBudget(database.knex, nameOf(method)).catch(() => undefined);
      const left = row === undefined ? 0 : Math.ceil(row.next_at_us / MICROS) - clock.now();
      return left <= 0 ? 0 : left + Math.round(random() * SPREAD_MS);
    },
    async calling(method, call) {
      try {
        return await call();
      } catch (error) {
        const problem = slackProblem(error);
        if (problem.kind === 'rate_limited') await begin(method, problem.retryAfterMs);
        throw error;
      }
    },
  };
}

const nameOf = (method: string) => `slack ${method}`;

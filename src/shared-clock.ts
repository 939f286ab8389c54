import type { Database } from '#db/connection.ts';
import { followServerClock, type ServerClock } from '#db/server-clock.ts';
import { type Clock, MINUTE_MS, SECOND_MS, spanWords, systemClock } from '#src/core/clock.ts';
import type { Log } from '#src/core/log.ts';

export type SharedClock = {
  clock: Clock;
  /** For `GET /health`; null where this machine's clock is the only one. */
  state: (() => { state: 'ok' | 'degraded'; detail: string }) | null;
  stop(): void;
};

/** Slack's requests are refused from five minutes on (docs.slack.dev, “Verifying requests”); say so long before. */
const WARN_MS = MINUTE_MS;
const LOOK_EVERY_MS = 10_000;

/** The clock that all processes on this database go by: its server's on Postgres, the machine's on SQLite. */
export async function clockOf(database: Database): Promise<Clock | ServerClock> {
  return database.engine === 'sqlite' ? systemClock : followServerClock(database);
}

/** The same for the service, which tells when its machine is off. */
export async function shareClock(database: Database, log: Log): Promise<SharedClock> {
  const clock = await clockOf(database);
  if (!('skewMs' in clock)) return { clock, state: null, stop() {} };
  let isTold = false;
  const look = () => {
    const { state, detail } = judge(clock.skewMs());
    if (state === 'degraded' && !isTold) log.error({ event: 'clock_skewed', skewMs: clock.skewMs() }, detail);
    isTold = state === 'degraded';
  };
  look();
  const looking = setInterval(look, LOOK_EVERY_MS);
  looking.unref();
  return {
    clock,
    state: () => judge(clock.skewMs()),
    stop() {
      clearInterval(looking);
      clock.stop();
    },
  };
}

function judge(skewMs: number): { state: 'ok' | 'degraded'; detail: string } {
  const off = Math.round(Math.abs(skewMs) / SECOND_MS) * SECOND_MS;
  if (off < WARN_MS) return { state: 'ok', detail: 'This machine’s clock agrees with the database’s.' };
  return {
    state: 'degraded',
    detail: `This machine’s clock is ${spanWords(off)} ${skewMs > 0 ? 'ahead of' : 'behind'} the database’s. Lucy goes by the database’s; set the machine’s, because Slack’s requests are checked by it.`,
  };
}

import { type Clock, systemClock } from '#src/core/clock.ts';
import type { Database } from './connection.ts';

/** The time of the database's server, and how far this machine's own clock is off. */
export type ServerClock = Clock & {
  /** Milliseconds by which this machine is ahead of the server; negative: behind. */
  skewMs(): number;
  stop(): void;
};

const ASK_EVERY_MS = 10_000;

/**
 * One clock for the processes of many machines: leases, due times and the pace of a channel are compared with what
 * another process wrote, and two machines whose clocks differ would take each other's leases. Asked for now and then;
 * in between this process's monotonic time goes on, which no time service puts forward or back. Where the server does
 * not answer, it simply goes on.
 *
 * Only for Postgres: whoever shares a SQLite file shares a machine, and its clock.
 */
export async function followServerClock(database: Database): Promise<ServerClock> {
  let base = await ask(database);
  const timeAt = (at: number) => Math.round(base.time + at - base.at);
  // It was asked somewhere in that span: nearer than half of it the answer says nothing, such as after a standstill.
  const isNews = ({ time, at, tookMs }: Sample) => Math.abs(time - timeAt(at)) > tookMs / 2;
  const asking = setInterval(() => {
    ask(database).then(
      (sample) => {
        if (isNews(sample)) base = sample;
      },
      () => {},
    );
  }, ASK_EVERY_MS);
  asking.unref();
  const now = () => timeAt(performance.now());
  return { now, skewMs: () => systemClock.now() - now(), stop: () => clearInterval(asking) };
}

type Sample = { time: number; at: number; tookMs: number };

async function ask({ knex }: Database): Promise<Sample> {
  const since = performance.now();
  const { rows } = await knex.raw('select extract(epoch from clock_timestamp()) * 1000 as ms');
  const tookMs = performance.now() - since;
  return { time: Number(rows[0].ms), at: since + tookMs / 2, tookMs };
}

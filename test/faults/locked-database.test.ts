import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '#db/connection.ts';
import { rounds, tellFigure } from '#test/world/figures.ts';
import { startFleet } from '#test/world/fleet.ts';
import { flood } from '#test/world/flood.ts';
import { testEngine } from '#test/world/fresh-database.ts';

const SLOW_MS = 300_000 * rounds(1);
const LOCKED_MS = 10_000;
const PER_SECOND = 50;

test.skipIf(testEngine !== 'sqlite')(
  'F20: another process holds the SQLite file for ten seconds at fifty webhooks a second; no 200 without a row, and all comes in after',
  async () => {
    const fleet = await startFleet({ webs: 1, workers: 1 });
    const [customer] = await fleet.addCustomers(1);
    const other = openDatabase(fleet.databaseUrl, { busyTimeoutMs: 10_000 });
    onTestFinished(() => other.close());
    const load = flood(fleet, customer?.stripe ?? '', PER_SECOND);
    await fleet.until(
      async () => load.stored.size,
      (size) => size > 10,
    );

    for (let round = 0; round < rounds(1); round++) {
      await other.knex.raw('begin immediate');
      await pause(LOCKED_MS);
      await other.knex.raw('commit');
      const freed = load.stored.size;
      await fleet.until(
        async () => load.stored.size,
        (size) => size > freed + 10,
      );
    }
    await load.end();
    const again = await load.sendAgain();

    expect(await load.missing()).toEqual([]);
    // Nothing but “not stored” is ever said: 503, and never a connection that breaks.
    expect([...load.refused.keys()].filter((status) => status !== 503)).toEqual([]);
    expect(load.refused.get(503)).toBeGreaterThan(0);
    expect(
      await fleet.until(
        () => fleet.database.knex('entitlements').first(),
        (row) => row?.tier === 'pro',
      ),
    ).toMatchObject({ tier: 'pro' });
    for (const member of [...fleet.members]) expect(await fleet.stop(member)).toBe(0);
    tellFigure(
      'F20',
      `SQLite locked for ${LOCKED_MS / 1_000} s by another process, ${PER_SECOND} webhooks/s`,
      `0 of ${load.stored.size} answered 200 without a row; ${again} answered 503 and taken when sent again; slowest answer ${load.slowestMs()} ms`,
    );
  },
  SLOW_MS,
);

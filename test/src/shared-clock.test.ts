import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Log } from '#src/core/log.ts';
import { shareClock } from '#src/shared-clock.ts';
import { freshDatabase, testEngine } from '#test/world/fresh-database.ts';

const TEN_MINUTES_MS = 600_000;

/** A machine whose clock is off by so much, on a database whose server is not. */
async function machine(skewMs: number) {
  const { database } = await freshDatabase();
  const real = Date.now;
  const system = vi.spyOn(Date, 'now').mockImplementation(() => real() + skewMs);
  const told: string[] = [];
  const log = { error: (_facts: unknown, message: string) => told.push(message) } as unknown as Log;
  const shared = await shareClock(database, log);
  onTestFinished(() => {
    system.mockRestore();
    shared.stop();
  });
  return { ...shared, told, real };
}

test.skipIf(testEngine !== 'postgres')(
  'F26: on Postgres, machines whose clocks differ go by the server’s; whoever is off says so once',
  async () => {
    const ahead = await machine(TEN_MINUTES_MS);
    expect(Math.abs(ahead.clock.now() - ahead.real())).toBeLessThan(5_000);
    expect(ahead.told).toEqual([
      expect.stringContaining('ahead of the database’s. Lucy goes by the database’s'),
    ]);
    expect(ahead.state?.()).toMatchObject({ state: 'degraded', detail: ahead.told[0] });
    vi.restoreAllMocks();

    const right = await machine(0);
    expect(right.state?.()).toMatchObject({ state: 'ok' });
    expect(right.told).toEqual([]);
  },
);

test.skipIf(testEngine !== 'postgres')(
  'F26: a time service that puts the machine forward moves no lease: in between, monotonic time goes on',
  async () => {
    const { clock, state, real } = await machine(0);
    const before = clock.now();
    vi.spyOn(Date, 'now').mockImplementation(() => real() + TEN_MINUTES_MS);
    await pause(20);
    const after = clock.now();
    expect(after).toBeGreaterThanOrEqual(before + 15);
    expect(after - before).toBeLessThan(60_000);
    expect(state?.()).toMatchObject({ state: 'degraded' });
  },
);

test.skipIf(testEngine !== 'sqlite')('on SQLite all processes share the machine, and its clock', async () => {
  const { clock, state, told } = await machine(TEN_MINUTES_MS);
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(5_000);
  expect(state).toBeNull();
  expect(told).toEqual([]);
});

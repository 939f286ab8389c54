import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tellFigure } from '#test/world/figures.ts';
import { startFleet } from '#test/world/fleet.ts';
import { flood } from '#test/world/flood.ts';
import { freshDatabaseUrl, testEngine } from '#test/world/fresh-database.ts';
import { smallDisk } from '#test/world/small-disk.ts';

const SLOW_MS = 300_000;
const DISK_MIB = 16;
const PER_SECOND = 50;
/** The figure that the row asks for. */
const RECOVERY_MS = 60_000;

test.skipIf(testEngine !== 'sqlite')(
  'F21: the disk is full; webhooks are 503, what was answered is there, and it goes on by itself when there is room',
  async () => {
    const disk = await smallDisk(DISK_MIB, 'F21: a full disk');
    if (!disk) return;
    const file = join(disk.folder, 'lucy.db');
    await copyFile((await freshDatabaseUrl()).slice('sqlite:'.length), file);
    const fleet = await startFleet({ databaseUrl: `sqlite:${file}`, webs: 1, workers: 1 });
    const [customer] = await fleet.addCustomers(1);
    const load = flood(fleet, customer?.stripe ?? '', PER_SECOND);
    const health = async () => (await fetch(`${fleet.address()}/health`)).status;
    await fleet.until(
      async () => load.stored.size,
      (size) => size > 10,
    );

    await disk.fill();
    await fleet.until(
      async () => load.refused.get(503) ?? 0,
      (count) => count > 20,
    );
    expect(await fleet.until(health, (status) => status === 503)).toBe(503);
    // What is there can still be read.
    expect(await fleet.database.knex('customers').pluck('id')).toEqual([customer?.id]);

    await disk.free();
    const since = performance.now();
    const before = load.stored.size;
    await fleet.until(
      async () => load.stored.size,
      (size) => size > before,
    );
    const recoveredMs = performance.now() - since;
    expect(await fleet.until(health, (status) => status === 200)).toBe(200);
    await load.end();
    const again = await load.sendAgain();

    expect(recoveredMs).toBeLessThan(RECOVERY_MS);
    expect(await load.missing()).toEqual([]);
    expect([...load.refused.keys()].filter((status) => status !== 503)).toEqual([]);
    const [integrity] = await fleet.database.knex.raw('pragma integrity_check');
    expect(integrity).toEqual({ integrity_check: 'ok' });
    expect(
      await fleet.until(
        () => fleet.database.knex('entitlements').first(),
        (row) => row?.tier === 'pro',
      ),
    ).toMatchObject({ tier: 'pro' });
    for (const member of [...fleet.members]) expect(await fleet.stop(member)).toBe(0);
    tellFigure(
      'F21',
      `a disk of ${DISK_MIB} MiB filled to the last byte, ${PER_SECOND} webhooks/s`,
      `integrity ok; 0 of ${load.stored.size} answered 200 without a row; ${again} answered 503; took up again ${Math.round(recoveredMs)} ms after there was room`,
    );
  },
  SLOW_MS,
);

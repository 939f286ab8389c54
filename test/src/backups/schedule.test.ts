import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { BackupRow } from '#db/backups.ts';
import { writeInstallation } from '#db/installation.ts';
import { carryBackups } from '#src/backups/carry-backups.ts';
import { newBackup } from '#src/backups/new-backup.ts';
import { outlived } from '#src/backups/retention.ts';
import { scheduleBackups } from '#src/backups/schedule.ts';
import { settingsSchema } from '#src/core/settings.ts';
import { backup as probe } from '#src/health/probes/backup.ts';
import { backupWorld, must } from '#test/world/backup-world.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { useSystemPostgres } from '#test/world/system-postgres.ts';
import { testCause } from '#test/world/test-cause.ts';

const postgres = useSystemPostgres();
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function made(at: number, state: BackupRow['state'] = 'verified'): BackupRow {
  const row = newBackup(testCause(at), 'sqlite', 'schedule', `slot:${at}`);
  return { ...row, id: `bkp_${at}`, state, reached_at: at, verified_at: at };
}

describe('what is kept', () => {
  const settings = settingsSchema.parse({}).backups;

  test('all of two days, the last good one of each of thirty days, and the newest three whatever their age', () => {
    const now = 100 * DAY_MS;
    const rows = Array.from({ length: 160 }, (_none, index) => made(now - index * 6 * HOUR_MS - HOUR_MS));
    const gone = new Set(outlived(rows, settings, now).map(({ id }) => id));
    const kept = rows.filter(({ id }) => !gone.has(id));
    const ages = kept.map((row) => (now - row.created_at) / DAY_MS);
    expect(ages.filter((age) => age <= 2)).toHaveLength(8);
    expect(ages.filter((age) => age > 2)).toHaveLength(28);
    expect(Math.max(...ages)).toBeLessThanOrEqual(30);
  });

  test('years later the last verified ones are still there, and bad ones are not', () => {
    const now = 1_000 * DAY_MS;
    const rows = [made(200 * DAY_MS, 'bad'), ...[103, 102, 101, 100].map((day) => made(day * DAY_MS))];
    expect(outlived(rows, settings, now).map(({ id }) => id)).toEqual([
      `bkp_${200 * DAY_MS}`,
      `bkp_${100 * DAY_MS}`,
    ]);
  });
});

describe.skipIf(testEngine !== 'sqlite')('the schedule', () => {
  test('not in the first minutes, then every six hours and at night, once of two processes, and a missed one is made up for', async () => {
    const world = await backupWorld(postgres);
    const { clock, deps, database } = world;
    await writeInstallation(database.knex, 'first_started_at', String(clock.now()), clock.now());
    await scheduleBackups(deps);
    expect(await world.backups()).toEqual([]);

    clock.advance(11 * 60_000);
    await Promise.all([scheduleBackups(deps), scheduleBackups(deps)]);
    expect(await world.backups()).toMatchObject([{ why: 'schedule', state: 'queued' }]);
    while ((await carryBackups(deps)) > 0);
    clock.advance(2 * HOUR_MS);
    await scheduleBackups(deps);
    expect(await world.backups()).toHaveLength(1);

    // Stopped for three days: one is made up for, not twelve.
    clock.advance(3 * DAY_MS);
    await scheduleBackups(deps);
    await scheduleBackups(deps);
    expect((await world.backups()).map(({ why }) => why)).toEqual(['schedule', 'night']);
  });

  test('what had its time is deleted with its manifest, and health tells how old the newest is', async () => {
    const world = await backupWorld(postgres);
    const { clock, deps, database, settings } = world;
    const look = () =>
      probe.look({
        sql: database.knex,
        settings,
        now: clock.now(),
        stripe: null,
        folder: world.folder,
        parts: {} as never,
      });
    await writeInstallation(database.knex, 'first_started_at', String(clock.now()), clock.now());
    expect(await look()).toMatchObject({ state: 'ok', detail: 'The first backup is not due yet.' });
    clock.advance(27 * HOUR_MS);
    expect(await look()).toMatchObject({ state: 'down' });
    const rows: BackupRow[] = [];
    for (let count = 0; count < 4; count++) {
      rows.push(await world.backup());
      clock.advance(60_000);
    }
    expect(await look()).toMatchObject({ state: 'ok' });
    clock.advance(40 * DAY_MS);
    expect(await look()).toMatchObject({ state: 'down', detail: expect.stringContaining('old') });
    await scheduleBackups(deps);
    const [oldest] = rows;
    expect(existsSync(oldest?.file ?? '')).toBe(false);
    expect(existsSync(`${oldest?.file}.json`)).toBe(false);
    expect(existsSync(rows[3]?.file ?? '')).toBe(true);
    expect((await must(world.as('olu', 'backup list'))).out).not.toContain(oldest?.id);
  });
});

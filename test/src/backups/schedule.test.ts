import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BackupRow } from '#db/backups.ts';
import { writeInstallation } from '#db/installation.ts';
import { carryBackups } from '#src/backups/carry-backups.ts';
import { requireRestorable } from '#src/backups/find-backup.ts';
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

/** What the health probe says of the newest backup. */
function lookAt({ database, settings, clock, folder }: Awaited<ReturnType<typeof backupWorld>>) {
  return probe.look({
    sql: database.knex,
    settings,
    now: clock.now(),
    stripe: null,
    folder,
    parts: {} as never,
  });
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

  test('the copy of what was there before a restore stays for a year, whatever it is good for', () => {
    const now = 1_000 * DAY_MS;
    const newer = [999, 998, 997].map((day) => made(day * DAY_MS));
    const copies = [640, 600].map((day) => ({ ...made(day * DAY_MS, 'bad'), why: 'restore' as const }));
    expect(outlived([...newer, ...copies], settings, now).map(({ id }) => id)).toEqual([
      `bkp_${600 * DAY_MS}`,
    ]);
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
    const { clock, deps, database } = world;
    const look = () => lookAt(world);
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

  test('a manifest that names another file, a link, or itself verified is not believed', async () => {
    const world = await backupWorld(postgres);
    const { clock, deps } = world;
    const row = await world.backup();
    const written = JSON.parse(readFileSync(`${row.file}.json`, 'utf8'));
    const own = join(world.folder, 'precious.txt');
    writeFileSync(own, 'not a backup');
    const plant = (name: string, changes: object) =>
      writeFileSync(join(world.folder, `${name}.json`), JSON.stringify({ ...written, ...changes }));
    plant('a.db', { id: 'bkp_a', file: '../../etc/passwd', reachedAt: 1 });
    plant('b.db', { id: 'bkp_b', file: 'precious.txt', reachedAt: 1 });
    symlinkSync(own, join(world.folder, 'c.db'));
    plant('c.db', { id: 'bkp_c', file: 'c.db', reachedAt: 1 });
    writeFileSync(join(world.folder, 'd.db'), 'a dump of somebody’s');
    plant('d.db', { id: 'bkp_d', file: 'd.db', reachedAt: clock.now() + 40 * DAY_MS });

    await scheduleBackups(deps);
    const learnt = (await world.backups()).filter(({ id }) => id !== row.id && id.length < 6);
    expect(learnt).toMatchObject([{ id: 'bkp_d', state: 'taken', verified_at: null, facts: null }]);
    expect(learnt[0]?.created_at).toBeLessThanOrEqual(clock.now());
    // It is never the one that is restored by default, and once tried it is known to be bad.
    expect((await requireRestorable(deps.database.knex, undefined)).id).toBe(row.id);
    while ((await carryBackups(deps)) > 0);
    expect((await world.backups()).find(({ id }) => id === 'bkp_d')).toMatchObject({ state: 'bad' });
    clock.advance(1_000 * DAY_MS);
    await scheduleBackups(deps);
    expect(existsSync(own)).toBe(true);
  });

  test('what a killed process left behind is swept, but not while somebody is at it; a wiped folder alarms', async () => {
    const world = await backupWorld(postgres);
    const { clock, deps, database, settings } = world;
    await writeInstallation(database.knex, 'first_started_at', String(clock.now()), clock.now());
    const row = await world.backup();
    const leave = (name: string, hoursAgo: number) => {
      const path = join(world.folder, name);
      writeFileSync(path, 'half');
      utimesSync(
        path,
        (clock.now() - hoursAgo * HOUR_MS) / 1_000,
        (clock.now() - hoursAgo * HOUR_MS) / 1_000,
      );
    };
    leave('.part-lucy-20261121T100000Z-bkp_0dead.db.gz.plain', 2);
    leave('.part-lucy-20261121T100000Z-bkp_0young.db', 0);
    leave(`.part-lucy-20261121T100000Z-${row.id}.db`, 2);
    leave('.notes', 2);
    const hold = (until: number) => database.knex('backups').update({ lease_until: until });
    await hold(clock.now() + 1);
    await scheduleBackups(deps);
    const hidden = () =>
      readdirSync(world.folder)
        .filter((name) => name.startsWith('.'))
        .sort();
    expect(hidden()).toHaveLength(3);
    await hold(clock.now() - 1);
    await scheduleBackups(deps);
    expect(hidden()).toEqual(['.notes', '.part-lucy-20261121T100000Z-bkp_0young.db']);

    const look = () => lookAt(world);
    expect(await look()).toMatchObject({ state: 'ok' });
    rmSync(row.file ?? '');
    expect(await look()).toMatchObject({ state: 'down', detail: expect.stringContaining('are gone') });
    const rows = [4, 3, 2, 1].map((day) => made(day * DAY_MS));
    const kept = outlived(rows, settings.backups, 1_000 * DAY_MS, ({ id }) => id !== `bkp_${4 * DAY_MS}`);
    expect(kept.map(({ id }) => id)).toEqual([`bkp_${4 * DAY_MS}`]);
  });
});

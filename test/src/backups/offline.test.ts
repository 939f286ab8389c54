import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sqliteFileOf } from '#db/backup-sqlite.ts';
import { openDatabase } from '#db/connection.ts';
import { sealNext } from '#src/audit/seal.ts';
import { carryRestores } from '#src/backups/carry-restore.ts';
import { checkRestored } from '#src/backups/check-restored.ts';
import { mark } from '#src/backups/marker.ts';
import { findDamage, requireSound } from '#src/backups/require-sound.ts';
import { systemClock } from '#src/core/clock.ts';
import { isOfflineRestore, runOfflineRestore } from '#src/offline-restore.ts';
import { type BackupWorld, backupWorld, must } from '#test/world/backup-world.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { lacksPostgresTools, useSystemPostgres } from '#test/world/system-postgres.ts';
import { shellWords } from '#test/world/terminal-world.ts';

const postgres = useSystemPostgres();

async function withBackup(): Promise<BackupWorld & { file: string }> {
  const world = await backupWorld(postgres);
  await must(world.as('ada', 'customer add sofia@firm.com --reason "new"'));
  await must(world.as('ada', 'credits grant sofia@firm.com 70 --reason "lost upload"'));
  while ((await sealNext(world)) > 0);
  const { file } = await world.backup();
  return { ...world, file: file ?? '' };
}

/** What somebody types in a terminal of its own, with no service running. */
async function typed(world: BackupWorld, line: string, osUser = 'olu') {
  const said = { code: 0, out: '', err: '' };
  const config = { databaseUrl: world.url, stripe: null } as Parameters<
    typeof runOfflineRestore
  >[1]['config'];
  const terminal = {
    write(text: string) {
      said.out += text;
    },
    writeError(text: string) {
      said.err += text;
    },
    ask: null,
  };
  const argv = shellWords(line);
  expect(isOfflineRestore(argv)).toBe(true);
  said.code = await runOfflineRestore(argv, { config, settings: world.settings, osUser, terminal });
  return said;
}

async function balanceOf(url: string): Promise<number> {
  const database = openDatabase(url);
  try {
    return (await database.knex('credit_accounts').first('balance')).balance;
  } finally {
    await database.close();
  }
}

describe.skipIf(lacksPostgresTools('restoring without the service'))('backup restore --file', () => {
  test('a lost database comes back from a file, without the service; the next process opens it and catches up', async () => {
    const world = await withBackup();
    if (testEngine === 'sqlite') {
      await world.database.close();
      for (const ending of ['', '-wal', '-shm'])
        rmSync(`${world.url.slice('sqlite:'.length)}${ending}`, { force: true });
    } else {
      for (const table of ['public']) await world.database.knex.raw('drop schema ?? cascade', [table]);
      await world.database.knex.raw('create schema public');
      await world.database.close();
    }
    const said = await typed(world, `backup restore --file ${world.file} --reason "the disk is gone" --yes`);
    expect(said.err).not.toContain('bad');
    expect(said).toMatchObject({ code: 0 });
    expect(said.out).toContain('Start Lucy now');
    expect(await balanceOf(world.url)).toBe(70);

    const database = openDatabase(world.url);
    try {
      expect(await database.knex('restores').first()).toMatchObject({ step: 'swapped', requested_by: 'Olu' });
      expect(await database.knex('audit_events').where({ command: 'backup restore' }).first()).toMatchObject({
        actor_name: 'Olu',
        reason: 'the disk is gone',
      });
      await carryRestores({ ...world.deps, database, clock: systemClock });
      expect(await database.knex('restores').first()).toMatchObject({ step: 'catching_up' });
      expect(await database.knex('reconcile_runs').first()).toMatchObject({ state: 'running' });
    } finally {
      await database.close();
    }
  });

  test.skipIf(testEngine !== 'postgres')(
    'on Postgres a backup of what was there is kept and named, and without one nothing is replaced',
    async () => {
      const world = await withBackup();
      await world.database.knex('credit_accounts').update({ balance: 5_000 });
      await world.database.close();
      const line = `backup restore --file ${world.file} --reason "damaged" --yes --json`;
      const taken = join(world.folder, 'file');
      writeFileSync(taken, 'no folder');
      const full = { ...world.settings.backups, folder: taken };
      const refused = await typed({ ...world, settings: { ...world.settings, backups: full } }, line);
      expect(refused.code).not.toBe(0);
      expect(refused.out).toContain('No copy of the present database could be kept, so nothing was replaced');
      expect(await balanceOf(world.url)).toBe(5_000);

      const said = await typed(world, line);
      expect(said).toMatchObject({ code: 0 });
      const { kept } = JSON.parse(said.out) as { kept: string };
      expect(JSON.parse(readFileSync(`${kept}.json`, 'utf8'))).toMatchObject({ why: 'restore' });
      expect(readFileSync(kept).subarray(0, 5).toString()).toBe('PGDMP');
      expect(await balanceOf(world.url)).toBe(70);
    },
  );

  test('a sound database, one that somebody has open, a bad file and somebody who may not are refused', async () => {
    const world = await withBackup();
    const line = `backup restore --file ${world.file} --reason "damaged" --yes`;
    if (testEngine === 'postgres') {
      const busy = await typed(world, line);
      expect(busy.err).toContain('Another process has the database open');
    } else {
      await world.database.knex('installation').first();
      const held = await typed(world, line);
      expect(held.err).toContain('Another process has the database open');
    }
    await world.database.close();
    const sound = await typed(world, line);
    expect(sound).toMatchObject({ code: 3 });
    expect(sound.err).toContain('needs a second person’s yes');
    expect((await typed(world, line, 'sam')).code).toBe(3);
    expect((await typed(world, `backup restore --file ${world.file} --reason "x y"`)).code).toBe(2);
    expect((await typed(world, 'backup restore --file /nowhere/x.db --reason "x y" --yes')).err).toContain(
      'is not on this machine',
    );
  });
});

describe.skipIf(testEngine !== 'sqlite')('a damaged SQLite file', () => {
  test('a start is refused with the steps, which work: the file is kept, and Lucy starts again', async () => {
    const world = await withBackup();
    const path = sqliteFileOf(world.database.knex);
    await world.database.knex.raw('pragma wal_checkpoint(truncate)');
    await world.database.close();
    const bytes = readFileSync(path);
    for (let page = 1; page * 4096 < bytes.length; page++) bytes.fill(0xaa, page * 4096, page * 4096 + 64);
    writeFileSync(path, bytes);

    const damaged = openDatabase(world.url);
    const refused = await requireSound(damaged, world.settings).catch((error: Error) => error.message);
    await damaged.close();
    expect(refused).toContain('is damaged');
    expect(refused).toContain(`npx lucy backup restore --file ${world.file}`);

    const said = await typed(
      world,
      `backup restore --file ${world.file} --reason "damaged" --ticket INC-7 --yes --json`,
    );
    expect(said.code).toBe(0);
    const { kept } = JSON.parse(said.out) as { kept: string };
    expect(existsSync(kept)).toBe(true);
    const again = openDatabase(world.url);
    await requireSound(again, world.settings);
    await again.close();
    expect(await balanceOf(world.url)).toBe(70);
    expect(readdirSync(dirname(path)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('broken off while the file was moved: a start is refused until it is done again', async () => {
    const world = await withBackup();
    const path = sqliteFileOf(world.database.knex);
    await world.database.close();
    await mark(path, world.file);
    rmSync(path);
    const half = openDatabase(world.url);
    await expect(requireSound(half, world.settings)).rejects.toThrow('broke off before it was done');
    await half.close();
    rmSync(path, { force: true });
    expect((await typed(world, `backup restore --file ${world.file} --reason "again" --yes`)).code).toBe(0);
    const whole = openDatabase(world.url);
    await requireSound(whole, world.settings);
    await whole.close();
  });

  test('bytes flipped at sixty places: each is found or harmless, and no wrong balance goes unseen (F22)', async () => {
    const world = await withBackup();
    const path = sqliteFileOf(world.database.knex);
    await world.database.knex.raw('pragma wal_checkpoint(truncate)');
    await world.database.close();
    const whole = readFileSync(path);
    const copy = join(world.folder, 'flipped.db');
    const counts = { found: 0, harmless: 0, silent: 0 };
    // Spread evenly, and shifted within the page, so that headers, cells and free space are all hit.
    for (let place = 0; place < 60; place++) {
      const offset = Math.floor((whole.length / 60) * place + ((place * 977) % 4096)) % whole.length;
      copyFileSync(path, copy);
      for (const ending of ['-wal', '-shm']) rmSync(copy + ending, { force: true });
      const flipped = Buffer.from(whole);
      flipped[offset] = (flipped[offset] ?? 0) ^ 0xff;
      const file = openSync(copy, 'w');
      writeFileSync(file, flipped);
      closeSync(file);
      counts[await outcome(copy)]++;
    }
    expect(counts.silent).toBe(0);
    expect(counts.found + counts.harmless).toBe(60);
  });
});

async function outcome(copy: string): Promise<'found' | 'harmless' | 'silent'> {
  const database = openDatabase(`sqlite:${copy}`);
  try {
    if ((await findDamage(database)) !== null) return 'found';
    if ((await checkRestored(database, Date.UTC(2026, 10, 21))).problems.length > 0) return 'found';
    const rows: { balance: number }[] = await database.knex('credit_accounts').select('balance');
    return rows.length === 1 && rows[0]?.balance === 70 ? 'harmless' : 'silent';
  } catch {
    return 'found';
  } finally {
    await database.close().catch(() => {});
  }
}

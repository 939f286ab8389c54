import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { carryBackups } from '#src/backups/carry-backups.ts';
import { backupWorld, mortal, must } from '#test/world/backup-world.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { lacksPostgresTools, useSystemPostgres } from '#test/world/system-postgres.ts';

const postgres = useSystemPostgres();

describe.skipIf(lacksPostgresTools('making backups'))('backup create, list and verify', () => {
  test('Olu makes one: it is tried by restoring it, told in her receipt, and listed with what is in it', async () => {
    const world = await backupWorld(postgres);
    await must(world.as('ada', 'customer add sofia@firm.com --reason "new"'));
    await must(world.as('ada', 'credits grant sofia@firm.com 70 --reason "lost upload"'));

    const typed = await world.as('olu', 'backup create --reason "before we clean up"');
    expect(typed.out).toMatch(/Backup bkp_\w+ is being made/);
    expect(await carryBackups(world.deps)).toBe(1);
    expect(await carryBackups(world.deps)).toBe(0);

    const [row] = await world.backups();
    expect(row).toMatchObject({ state: 'verified', why: 'asked', requested_by: 'Olu', error: null });
    expect(JSON.parse(row?.facts ?? '')).toMatchObject({ rows: { customers: 1, credit_entries: 1 } });
    const run = await world.database.knex('runs').where({ command: 'backup create' }).first();
    expect(run).toMatchObject({ state: 'done' });
    expect(run.reply).toContain('verified by restoring it');

    const { out } = await must(world.as('olu', 'backup list'));
    expect(out).toContain(row?.id ?? '');
    expect(out).toContain('verified');
    const json = (await must(world.as('olu', 'backup list --json'))).json<{
      backups: { isHere: boolean }[];
    }>();
    expect(json.backups).toMatchObject([{ state: 'verified', isHere: true }]);
  });

  test.skipIf(testEngine !== 'sqlite')(
    'the file is whole under its name only, for its owner alone, with a manifest beside it',
    async () => {
      const world = await backupWorld(postgres, { backups: { compress: true } });
      const row = await world.backup();
      expect(row.state).toBe('verified');
      expect(statSync(row.file ?? '').mode & 0o777).toBe(0o600);
      expect(readdirSync(world.folder).filter((name) => name.startsWith('.'))).toEqual([]);
      const manifest = JSON.parse(readFileSync(`${row.file}.json`, 'utf8'));
      expect(manifest).toMatchObject({
        id: row.id,
        sha256: row.sha256,
        bytes: row.bytes,
        engine: row.engine,
      });
      expect(manifest.verifiedAt).toBe(row.verified_at);
      expect(manifest.facts.schema).toMatch(/^\d{8}T\d{6}_/);
    },
  );

  test('a flipped byte is found when it is asked again, and such a backup is not restored', async () => {
    const world = await backupWorld(postgres);
    const row = await world.backup();
    expect((await world.as('olu', `backup verify ${row.id}`)).code).toBe(0);
    const bytes = readFileSync(row.file ?? '');
    bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] ?? 0) ^ 0xff;
    writeFileSync(row.file ?? '', bytes);

    const asked = await world.as('olu', `backup verify ${row.id} --json`);
    expect(asked.code).toBe(1);
    expect(asked.out).toContain('its checksum differs');
    const restored = await world.as('olu', `backup restore ${row.id} --reason "damaged"`);
    expect(restored.err).toContain('is bad, so it is not restored');
    expect((await world.as('olu', 'backup restore --reason "damaged"')).code).toBe(5);
  });

  test('a damaged balance in the living database makes its backup bad, and on-call is told', async () => {
    const world = await backupWorld(postgres);
    await must(world.as('ada', 'customer add sofia@firm.com --reason "new"'));
    await must(world.as('ada', 'credits grant sofia@firm.com 70 --reason "lost upload"'));
    await world.database.knex('credit_accounts').update({ balance: 71 });

    const row = await world.backup();
    expect(row).toMatchObject({ state: 'bad' });
    expect(row.error).toContain('1 balance differ');
    const told = await world.database.knex('outbox').where({ target: 'oncall' });
    expect(told.map(({ payload }) => JSON.parse(payload).title).join()).toContain('is bad');
  });

  test('killed after writing it: the next process verifies what is there, and two make it once', async () => {
    const world = await backupWorld(postgres);
    await must(world.as('olu', 'backup create --reason "a test"'));
    await carryBackups(mortal(world.deps, 'backup written')).catch(() => {});
    expect(await world.backups()).toMatchObject([{ state: 'taken' }]);
    world.clock.advance(180_000);
    const counts = await Promise.all([carryBackups(world.deps), carryBackups(world.deps)]);
    expect(counts.sort()).toEqual([0, 1]);
    expect(await world.backups()).toMatchObject([{ state: 'verified' }]);
    expect(readdirSync(world.folder).filter((name) => !name.endsWith('.json'))).toHaveLength(1);
  });

  test.skipIf(testEngine !== 'sqlite')(
    'a folder that cannot be used is told with what to do, three times at most, and as a finding',
    async () => {
      const world = await backupWorld(postgres);
      const settings = {
        ...world.settings,
        backups: { ...world.settings.backups, folder: join(world.folder, 'file') },
      };
      writeFileSync(join(world.folder, 'file'), 'not a folder');
      await must(world.as('olu', 'backup create --reason "a test"'));
      for (let tries = 0; tries < 4; tries++) {
        await carryBackups({ ...world.deps, settings });
        world.clock.advance(5 * 60_000);
      }
      const [row] = await world.backups();
      expect(row).toMatchObject({ state: 'failed', attempts: 3 });
      expect(row?.error).toContain('backups.folder');
      expect(await world.database.knex('findings').where({ kind: 'backup_failed' })).toHaveLength(1);
      expect(await world.database.knex('runs').where({ command: 'backup create' }).first()).toMatchObject({
        state: 'failed',
      });
    },
  );

  test.skipIf(testEngine !== 'sqlite')('who may not is refused', async () => {
    const world = await backupWorld(postgres);
    for (const line of ['backup create --reason "x y"', 'backup list', 'backup verify bkp_1'])
      expect((await world.as('sam', line)).code).toBe(3);
  });
});

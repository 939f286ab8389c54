import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { commands } from '#commands/index.ts';
import { type Database, openDatabase } from '#db/connection.ts';
import { exportDatabase } from '#src/export/export-database.ts';
import { createScrub } from '#src/export/scrub.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { sofiaWorld } from '#test/world/sofia-world.ts';

type Wanted = Parameters<typeof exportDatabase>[1];

async function home(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'lucy-export-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

function exporting(database: Database, path: string, more: Partial<Wanted> = {}) {
  return exportDatabase(database.knex, {
    path,
    customerId: null,
    scrub: createScrub(sampleSettings, commands),
    now: 0,
    onProgress() {},
    async beforeHandover() {},
    ...more,
  });
}

test('what is written while it is copied is not in the copy, half of it neither', async () => {
  const { database, done } = await sofiaWorld();
  await done('credits grant sofia@firm.com 100 --reason "goodwill"');
  const path = join(await home(), 'copy.db');
  let meanwhile: Promise<unknown> | null = null;

  const exported = await exporting(database, path, {
    onProgress() {
      meanwhile ??= Promise.all([
        done('customer add late@firm.com --reason "came late"'),
        done('credits grant sofia@firm.com 900 --reason "much later"'),
      ]);
    },
    beforeHandover: async () => void (await meanwhile),
  });

  expect(exported.rows).toBeGreaterThan(5);
  expect(meanwhile).not.toBeNull();
  const copy = openDatabase(`sqlite:${path}`);
  onTestFinished(() => copy.close());
  expect(await copy.knex('customers')).toHaveLength(1);
  expect(await copy.knex('credit_accounts').select('balance')).toEqual([{ balance: 100 }]);
  expect(await copy.knex('credit_entries')).toHaveLength(1);
  expect(await database.knex('credit_accounts').select('balance')).toEqual([{ balance: 1000 }]);
});

test('what breaks off leaves no file, and somebody’s own file beside it is left alone', async () => {
  const { database } = await sofiaWorld();
  const folder = await home();
  const path = join(folder, 'copy.db');
  const fails = () => {
    throw new Error('the disk is full');
  };
  await writeFile(`${path}.part`, 'mine');

  await expect(exporting(database, path, { onProgress: fails })).rejects.toThrow('the disk is full');
  expect(await readdir(folder)).toEqual(['copy.db.part']);
  await expect(exporting(database, path, { beforeHandover: fails })).rejects.toThrow('the disk is full');
  expect(await readdir(folder)).toEqual(['copy.db.part']);
  await exporting(database, path);
  expect((await readdir(folder)).sort()).toEqual(['copy.db', 'copy.db.part']);
  expect(await readFile(`${path}.part`, 'utf8')).toBe('mine');
});

test('a file that comes while it is copied is not replaced', async () => {
  const { database } = await sofiaWorld();
  const folder = await home();
  const path = join(folder, 'copy.db');
  const comes = () => writeFile(path, 'mine');

  await expect(exporting(database, path, { beforeHandover: comes })).rejects.toThrow('EEXIST');

  expect(await readdir(folder)).toEqual(['copy.db']);
});

test.each([
  ['table', 'create table loyalty_cards (holder text)', 'becomes of loyalty_cards in a copy'],
  ['column', 'alter table customers add column birthday text', 'becomes of customers.birthday in a copy'],
])('a %s that nobody decided about stops it', async (_what, ddl, said) => {
  const { database } = await sofiaWorld();
  const folder = await home();
  await database.knex.raw(ddl);

  await expect(exporting(database, join(folder, 'copy.db'))).rejects.toThrow(said);

  expect(await readdir(folder)).toEqual([]);
});

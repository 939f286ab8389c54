import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { commands } from '#commands/index.ts';
import { type Database, openDatabase } from '#db/connection.ts';
import { exportRules } from '#src/export/columns.ts';
import { exportDatabase } from '#src/export/export-database.ts';
import { createScrub } from '#src/export/scrub.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { canary, fillWithCanaries, planted } from '#test/world/canaries.ts';
import { freshDatabase } from '#test/world/fresh-database.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'lucy-export-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('no byte of what was planted in every column leaves, and every row does', async () => {
  const { database } = await freshDatabase();
  const count = await fillWithCanaries(database);
  const home = await folder();
  const path = join(home, 'copy.db');

  const exported = await exportDatabase(database.knex, {
    path,
    customerId: null,
    scrub: createScrub(sampleSettings, commands),
    now: 1_764_000_000_000,
    onProgress() {},
    async beforeHandover() {},
  });

  expect(count).toBeGreaterThan(5_000);
  expect(exported.rows).toBeGreaterThan(1_000);
  // One file, without a journal beside it.
  expect(await readdir(home)).toEqual(['copy.db']);
  const bytes = (await readFile(path)).toString('latin1');
  const found = bytes.search(canary);
  expect(found === -1 ? '' : bytes.slice(found - 60, found + 60)).toBe('');
  const copy = openDatabase(`sqlite:${path}`);
  onTestFinished(() => copy.close());
  for (const [table, rule] of Object.entries(exportRules)) {
    if ('leftOut' in rule) continue;
    const here = await database.knex(table).count({ rows: '*' });
    const there = await copy.knex(table).count({ rows: '*' });
    if (table === 'installation') continue;
    expect([table, Number(there[0]?.rows)]).toEqual([table, Number(here[0]?.rows)]);
  }
  expect(await leftIn(copy)).toEqual([]);
  expect(await copy.knex.raw('pragma foreign_key_check')).toEqual([]);
});

/** What was planted and is there still, with where. Digits are looked for in values: in bytes, hashes hold any. */
async function leftIn({ knex }: Database): Promise<string[]> {
  const found = new Set<string>();
  for (const table of Object.keys(exportRules)) {
    for (const row of await knex(table))
      for (const [column, value] of Object.entries(row)) {
        const left = typeof value === 'string' ? planted.exec(value) : null;
        if (left) found.add(`${table}.${column}: ${left[0].replace(/\d{4}$/, '…')}`);
      }
  }
  return [...found];
}

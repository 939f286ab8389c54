import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { commands } from '#commands/index.ts';
import { openDatabase } from '#db/connection.ts';
import { exportRules } from '#src/export/columns.ts';
import { exportDatabase } from '#src/export/export-database.ts';
import { createPseudonyms } from '#src/export/pseudonyms.ts';
import { exportWords } from '#src/export/words.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { canary, fillWithCanaries } from '#test/world/canaries.ts';
import { freshDatabase } from '#test/world/fresh-database.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'lucy-export-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('no byte of what was planted in every column leaves, and every row does', async () => {
  const { database } = await freshDatabase();
  const planted = await fillWithCanaries(database);
  const home = await folder();
  const path = join(home, 'copy.db');
  const words = exportWords(sampleSettings, commands);

  const exported = await exportDatabase(database.knex, {
    path,
    customerId: null,
    scrub: { pseudonyms: createPseudonyms(randomBytes(32), words), words },
    now: 1_764_000_000_000,
    onProgress() {},
    async beforeHandover() {},
  });

  expect(planted).toBeGreaterThan(500);
  expect(exported.rows).toBeGreaterThan(100);
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
  expect(await copy.knex.raw('pragma foreign_key_check')).toEqual([]);
});

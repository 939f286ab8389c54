import { readdirSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '#db/connection.ts';
import { wordsAllowed } from '#test/world/canaries.ts';

/**
 * docs/deploy.md, “Changing the schema”: while a new version is rolled out, processes of the version before it work on
 * the migrated database. So a migration may add, and may take away only what the version before did not use any more.
 * Each exception is named here, with the reason why it hurts nobody.
 */
const exceptions: Readonly<Record<string, string>> = {
  '20261121T150100_create_audit_seals.ts': 'before the first release, so that no version ran before it',
  '20261121T160200_create_mails.ts': 'before the first release, so that no version ran before it',
  '20261121T170100_answer_disputes.ts': 'before the first release, so that no version ran before it',
};

type Schema = {
  /** `table.column` → whether a row can be written without it, and which words it takes. */
  columns: Map<string, { type: string; isNeeded: boolean; words: string[] }>;
  /** The table, and then the columns. */
  uniques: Map<string, string>;
  /** Triggers that refuse, by their table. */
  triggers: Map<string, string>;
  checks: Map<string, string>;
};

const directory = new URL('../../migrations', import.meta.url).pathname;
const names = readdirSync(directory)
  .filter((name) => name.endsWith('.ts'))
  .sort();
const breaks: { migration: string; what: string }[] = [];

async function schemaOf({ knex }: Database): Promise<Schema> {
  const rows: { type: string; name: string; tbl_name: string; sql: string | null }[] = await knex(
    'sqlite_master',
  )
    .whereNot('tbl_name', 'like', 'knex%')
    .whereNot('name', 'like', 'sqlite%');
  const schema: Schema = { columns: new Map(), uniques: new Map(), triggers: new Map(), checks: new Map() };
  for (const { type, name, tbl_name: table, sql } of rows) {
    if (type === 'trigger') schema.triggers.set(name, table);
    if (type === 'index' && /^create unique/i.test(sql ?? '')) {
      const keys: { name: string | null }[] = await knex.raw(`pragma index_info(${name})`);
      schema.uniques.set(name, [table, ...keys.map((key) => `${table}.${key.name}`)].join(' '));
    }
    if (type !== 'table') continue;
    for (const [, check = ''] of (sql ?? '').matchAll(/constraint `?(\w+)`? check/gi))
      schema.checks.set(check, table);
    const columns: { name: string; type: string; notnull: number; dflt_value: string | null }[] =
      await knex.raw(`pragma table_info(${name})`);
    for (const column of columns)
      schema.columns.set(`${name}.${column.name}`, {
        type: column.type.toLowerCase(),
        isNeeded: column.notnull === 1 && column.dflt_value === null,
        words: wordsAllowed(sql ?? '', column.name),
      });
  }
  return schema;
}

function tablesOf(schema: Schema): Set<string> {
  return new Set([...schema.columns.keys()].map((name) => name.split('.')[0] ?? ''));
}

/** What a process of the version before would stumble over. */
function listBreaks(before: Schema, after: Schema): string[] {
  const found: string[] = [];
  const old = tablesOf(before);
  for (const [name, column] of before.columns) {
    const now = after.columns.get(name);
    if (!now) found.push(`${name} is gone or renamed`);
    else if (now.type !== column.type) found.push(`${name} changes its type`);
    else if (now.isNeeded && !column.isNeeded) found.push(`${name} becomes needed`);
    else if (now.words.length > 0 && column.words.length === 0)
      found.push(`${name} takes certain words only`);
    const lost = now && column.words.filter((word) => now.words.length > 0 && !now.words.includes(word));
    if (lost && lost.length > 0) found.push(`${name} does not take ${lost.join(', ')} any more`);
  }
  for (const [name, { isNeeded }] of after.columns)
    if (isNeeded && !before.columns.has(name) && old.has(name.split('.')[0] ?? ''))
      found.push(`${name} is new and needed, without a default`);
  // The version before leaves a new column empty, and what is empty is never there twice.
  const isEmptyForOld = (name: string) =>
    !before.columns.has(name) && after.columns.get(name)?.isNeeded === false;
  const added = (kind: string, from: Map<string, string>, to: Map<string, string>) => {
    for (const [name, about] of to) {
      const [table = '', ...columns] = about.split(' ');
      if (!from.has(name) && old.has(table) && !columns.some(isEmptyForOld))
        found.push(`${table} has the new ${kind} ${name}`);
    }
  };
  added('unique key', before.uniques, after.uniques);
  added('trigger', before.triggers, after.triggers);
  added('check', before.checks, after.checks);
  return found;
}

beforeAll(async () => {
  const database = openDatabase('sqlite::memory:');
  const config = { directory, loadExtensions: ['.ts'], extension: 'ts' };
  let before = await schemaOf(database);
  for (const migration of names) {
    await database.knex.migrate.up({ ...config, name: migration });
    const after = await schemaOf(database);
    breaks.push(...listBreaks(before, after).map((what) => ({ migration, what })));
    before = after;
  }
  await database.close();
});

test('a migration only adds: the version before goes on working on the new schema', () => {
  const unnamed = breaks.filter(({ migration }) => !(migration in exceptions));
  expect(unnamed.map(({ migration, what }) => `${migration}: ${what}`)).toEqual([]);
});

test('no exception is named for nothing, and each has a reason', () => {
  const left = Object.keys(exceptions).filter((name) => !breaks.some(({ migration }) => migration === name));
  expect(left).toEqual([]);
  for (const reason of Object.values(exceptions)) expect(reason.length).toBeGreaterThan(20);
});

test('the check sees what it is for', () => {
  expect(names.length).toBeGreaterThan(40);
  const column = { type: 'text', isNeeded: false, words: ['open', 'done'] };
  const none = { uniques: new Map(), triggers: new Map(), checks: new Map() };
  const before: Schema = {
    ...none,
    columns: new Map([
      ['t.a', column],
      ['t.b', column],
    ]),
  };
  const after: Schema = {
    columns: new Map([
      ['t.a', { ...column, words: ['open'] }],
      ['t.c', { ...column, isNeeded: true }],
      ['t.d', column],
      ['u.a', { ...column, isNeeded: true }],
    ]),
    uniques: new Map([
      ['t_a_unique', 't t.a'],
      ['t_d_unique', 't t.a t.d'],
    ]),
    triggers: new Map([['t_no_update', 't']]),
    checks: new Map([['u_sane', 'u']]),
  };

  expect(listBreaks(before, after)).toEqual([
    't.a does not take done any more',
    't.b is gone or renamed',
    't.c is new and needed, without a default',
    't has the new unique key t_a_unique',
    't has the new trigger t_no_update',
  ]);
});

import type { Database } from '#db/connection.ts';
import { wordsAllowed } from './canaries.ts';

type Column = { name: string; type: string; notnull: number; dflt_value: string | null; pk: number };
type Row = Record<string, unknown>;

const AT = 1_764_000_000_000;

/** Texts that are easily damaged on their way from one engine to the other. */
export const awkwardTexts = [
  '',
  '\\N',
  'a\tb\nc\rd\\e\bf\fg\vh',
  '\\.',
  'naïve ’typographic‘ 👩🏽‍🚀 ünïcödé 𝒳',
  '\uFFFD is truly here',
  '{"json":"\\u0000 stays escaped","n":9007199254740993}',
  ' leading and trailing ',
  '\u0001\u001f\u007f',
];

/** Numbers that are, too: behind 2^53 a JavaScript number is another one. */
const awkwardNumbers = [0n, 9_007_199_254_740_993n, 9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n];

/** What a row must have beside its schema, where checks relate columns to each other. */
const overrides: Readonly<Record<string, Row>> = {
  break_glass: { started_at: AT, ends_at: AT + 1 },
  credit_holds: { amount: 5, covered: 0 },
  credit_lots: { granted: 7, remaining: 3 },
};

/**
 * Rows for every table, as full as its checks allow: first what must be there, then, one after the other, every column
 * that may be empty, kept where the schema takes it. Returns the tables that could not be filled.
 */
export async function fillEveryTable({ knex }: Database, rowsEach = 3): Promise<string[]> {
  const unfilled: string[] = [];
  const tables: string[] = await knex('sqlite_master')
    .where({ type: 'table' })
    .whereNot('name', 'like', 'sqlite\\_%')
    .whereNot('name', 'like', 'knex%')
    .orderBy('name')
    .pluck('name');
  await knex.raw('pragma foreign_keys = off');
  for (const table of tables) {
    for (let n = 1; n <= rowsEach; n++) await insertFull(knex, table, n).catch(() => {});
    if ((await knex(table).first()) === undefined) unfilled.push(table);
  }
  await knex.raw('pragma foreign_keys = on');
  return unfilled;
}

async function insertFull(knex: Database['knex'], table: string, n: number): Promise<void> {
  const columns: Column[] = await knex.raw(`pragma table_info(${table})`);
  const parents: { from: string; table: string; to: string }[] = await knex.raw(
    `pragma foreign_key_list(${table})`,
  );
  const [{ sql }] = await knex('sqlite_master').where({ type: 'table', name: table }).select('sql');
  const referring = new Map(parents.map((parent) => [parent.from, parent.to]));
  const filledIn = (column: Column, index: number) =>
    valueFor({ column, sql, n, index, isKey: column.pk > 0 || referring.has(column.name) });
  let row: Row = { ...overrides[table] };
  for (const [index, column] of columns.entries())
    if ((column.notnull === 1 || column.pk > 0) && column.dflt_value === null && !(column.name in row))
      row[column.name] = filledIn(column, index);
  const key = columns.filter(({ pk }) => pk > 0).map(({ name }) => name);
  const tryRow = async (candidate: Row, isKept: boolean) => {
    await knex.transaction(async (trx) => {
      await trx(table).insert(candidate);
      if (!isKept) throw new Tried();
    });
  };
  for (const [index, column] of columns.entries()) {
    if (column.name in row) continue;
    const fuller = { ...row, [column.name]: filledIn(column, index) };
    const isTaken = await tryRow(fuller, false).catch((error) => error instanceof Tried);
    if (isTaken) row = fuller;
  }
  if (key.length === 0) throw new Error(`${table} has no key`);
  await tryRow(row, true);
}

class Tried extends Error {}

function valueFor(about: { column: Column; sql: string; n: number; index: number; isKey: boolean }): unknown {
  const { column, sql, n, index, isKey } = about;
  const words = wordsAllowed(sql, column.name);
  if (words.length > 0) return words[0];
  if (column.type.toLowerCase() !== 'text') {
    if (column.name.endsWith('_at') || column.name === 'at') return AT + n;
    if (column.type.toLowerCase() === 'bigint' && column.notnull === 0)
      return awkwardNumbers[(n + index) % awkwardNumbers.length];
    return n;
  }
  // The same on both sides of a foreign key.
  if (isKey) return `key-${n}`;
  // Postgres indexes no text of this length, so only what is never looked for is so long.
  if (n === 2 && /^(payload|body|content|packet|plan|reply|input|evidence)$/.test(column.name))
    return 'ö\t'.repeat(200_000);
  return `${awkwardTexts[(n + index) % awkwardTexts.length]}${index % 3 === 0 ? '' : `#${n}`}`;
}

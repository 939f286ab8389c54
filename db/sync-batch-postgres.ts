import type { Client } from 'pg';
import type { Row } from './sync-batch-conditions.ts';
import { type Door, type Question, shapes } from './sync-batch-doors.ts';
import type { Changes } from './sync-batch-writes.ts';

/**
 * One statement for all that is asked: each row comes as JSON with the number of its question. What is held is asked for
 * on its own, and held in the order of its keys.
 */
export async function readInPostgres(
  connection: Client,
  questions: readonly Question[],
  holds: boolean,
): Promise<Row[][]> {
  const [first] = questions;
  if (first && holds && shapes.get(first.door.table)?.isHeld) return [await hold(connection, first)];
  const { text, values } = readingOf(questions);
  const { rows } = await connection.query(named(text, values));
  const answers: Row[][] = questions.map(() => []);
  for (const { place, row } of rows) answers[place]?.push(row);
  return answers;
}

/** The statement that reads all of this. */
export function readingOf(questions: readonly Question[]): { text: string; values: unknown[][] } {
  const values: unknown[][] = [];
  const parts = questions.map(({ door, keys }, place) => {
    const read = shapes.get(door.table)?.read;
    const row = read ? `(select r from (select ${read.map((name) => `t.${name}`).join(', ')}) as r)` : 't';
    return `select ${place} as place, row_to_json(${row}) as row from ${door.table} as t where ${asking(door, keys, values)}`;
  });
  return { text: parts.join(' union all '), values };
}

async function hold(connection: Client, { door, keys }: Question): Promise<Row[]> {
  const values: unknown[][] = [];
  const { key } = shapes.get(door.table) ?? { key: '' };
  // As JSON: a prepared statement that answers `*` fails from the moment on that a newer release adds a column.
  const text = `select row_to_json(t) as row from ${door.table} as t where ${asking(door, keys, values)} order by ${key} for update`;
  const { rows } = await connection.query(named(text, values));
  return rows.map(({ row }) => row);
}

function asking(door: Door, keys: Question['keys'], values: unknown[][]): string {
  const names = door.columns.map((column, place) => {
    values.push(keys.map((key) => key[place]));
    return { column: `t."${column}"`, given: `$${values.length}` };
  });
  const [first] = names;
  const fixed =
    names.length === 1
      ? `${first?.column} = any(${first?.given})`
      : `(${names.map(({ column }) => column).join(', ')}) in (select * from unnest(${names.map(({ given }) => `${given}::text[]`).join(', ')}))`;
  return door.only ? `${fixed} and ${door.only.sql}` : fixed;
}

/** Holds rows of which nothing is read, in the order of their ids. */
export async function holdInPostgres(
  connection: Client,
  table: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await connection.query(named(`select 1 from ${table} where id = any($1) order by id for update`, [ids]));
}

/** Rows travel as JSON, and the table itself says of what type each column is. */
export async function writeInPostgres(connection: Client, changes: readonly Changes[]): Promise<void> {
  for (const change of changes) {
    const { table, columns } = change;
    const names = columns.map((column) => `"${column}"`);
    const given = `json_populate_recordset(null::${table}, $1)`;
    const text =
      change.kind === 'insert'
        ? `insert into ${table} (${names.join(', ')}) select ${names.join(', ')} from ${given} ${change.conflict}`
        : `update ${table} as t set ${names.map((name) => `${name} = n.${name}`).join(', ')} from ${given} as n where t."${change.key}" = n."${change.key}"`;
    const kept = change.kind === 'insert' ? columns : [...columns, change.key];
    const json = JSON.stringify(change.rows, [...kept]);
    await connection.query(named(text, [json]));
  }
}

const names = new Map<string, string>();
const NAMES_MAX = 300;

/** Postgres keeps a prepared statement by a name of at most 63 characters, on each connection; rare ones have none. */
function named(text: string, values: unknown[]): { name?: string; text: string; values: unknown[] } {
  const known = names.get(text);
  if (known) return { name: known, text, values };
  if (names.size >= NAMES_MAX) return { text, values };
  const name = `lucy-batch-${names.size + 1}`;
  names.set(text, name);
  return { name, text, values };
}

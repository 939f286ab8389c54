import type { Condition, Row } from './sync-batch-conditions.ts';
import { NotPlain } from './sync-batch-not-plain.ts';

/** What both engines keep and compare as it is: anything else they may turn into something. */
export function isPlain(value: unknown): value is string | number {
  return typeof value === 'string' ? !value.includes('\0') : Number.isSafeInteger(value);
}

export function isPlainOrNull(value: unknown): boolean {
  return value === null || isPlain(value);
}

/** A column by its own name, of the table that is asked. */
export function isColumn(name: unknown): name is string {
  if (typeof name !== 'string') return false;
  if (columnsSeen.has(name)) return true;
  const isOne = /^\w+$/.test(name);
  if (isOne && columnsSeen.size < COLUMNS_MAX) columnsSeen.add(name);
  return isOne;
}

/** Every query of every pass asks, of the same few hundred names. */
const columnsSeen = new Set<string>();
const COLUMNS_MAX = 2_000;

export function equals(column: string, value: unknown, not: boolean): Condition {
  return value === null ? { is: 'null', column, not } : { is: 'in', column, values: [value], not };
}

/** `sql.raw('attempts + 1')` is the one expression that passes write. */
export class RawText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  /** Nobody waits for what only the database can answer. */
  // biome-ignore lint/suspicious/noThenProperty: a knex expression can be awaited
  then(): never {
    throw new NotPlain(`${this.text} is for the database to work out`);
  }
}

/** What is written, without what is not said: knex leaves such columns alone. */
export function saidIn(given: Row): Row {
  let isFull = true;
  for (const column of Object.keys(given)) {
    const value = given[column];
    if (value === undefined) isFull = false;
    else if (!isPlainOrNull(value) && !(value instanceof RawText))
      throw new NotPlain(`What is written to ${column} is for the database to turn into a value`);
  }
  if (isFull) return given;
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** What an update puts into a row. */
export function valuesOf(row: Row, patch: Row): Row {
  let isPlainly = true;
  for (const column of Object.keys(patch)) {
    holdsAlike(column, row[column], patch[column]);
    if (patch[column] instanceof RawText) isPlainly = false;
  }
  if (isPlainly) return patch;
  return Object.fromEntries(
    Object.entries(patch).map(([column, value]) => [
      column,
      value instanceof RawText ? oneMore(row, value) : value,
    ]),
  );
}

/** A column of numbers makes a number of a text, and the other way round. */
function holdsAlike(column: string, was: unknown, value: unknown): void {
  if (was == null || value === null || value instanceof RawText || typeof was === typeof value) return;
  throw new NotPlain(`What is written to ${column} is of another type than what is there`);
}

function oneMore(row: Row, { text }: RawText): number {
  const [, column = ''] = /^(\w+) \+ 1$/.exec(text) ?? [];
  const value = row[column];
  if (typeof value !== 'number') throw new NotPlain(`${text} is for the database to work out`);
  return value + 1;
}

/** What the database does when the key is there already, in its own words. */
export function blindly(conflict: readonly string[] | null, merge: Row | 'all' | null, row: Row): string {
  if (!conflict) return '';
  if (merge === null) return `on conflict (${conflict.join(', ')}) do nothing`;
  const columns = Object.keys(merge === 'all' ? row : merge);
  if (merge !== 'all' && columns.some((column) => merge[column] !== row[column]))
    throw new NotPlain('What is merged is not what is inserted');
  const set = columns.map((column) => `${column} = excluded.${column}`).join(', ');
  return `on conflict (${conflict.join(', ')}) do update set ${set}`;
}

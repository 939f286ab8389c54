import type { Condition, Row } from './sync-batch-conditions.ts';
import { NotPlain } from './sync-batch-rows.ts';

export function equals(column: string, value: unknown, not: boolean): Condition {
  return value === null ? { is: 'null', column, not } : { is: 'in', column, values: [value], not };
}

/** `sql.raw('attempts + 1')` is the one expression that passes write. */
export class RawText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What an update leaves in a row. */
export function valuesOf(row: Row, patch: Row): Row {
  if (!Object.values(patch).some((value) => value instanceof RawText)) return patch;
  return Object.fromEntries(
    Object.entries(patch).map(([column, value]) => [
      column,
      value instanceof RawText ? oneMore(row, value) : value,
    ]),
  );
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

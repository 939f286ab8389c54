import { NotPlain } from './sync-batch-not-plain.ts';

export type Row = Record<string, unknown>;

/** What a query asks of a row, as far as rows in memory can answer it. */
export type Condition =
  | { is: 'in'; column: string; values: readonly unknown[]; not: boolean }
  | { is: 'null'; column: string; not: boolean }
  | { is: 'compared'; column: string; by: Comparison; to: number }
  | { is: 'any'; of: Alternatives };

export type Comparison = '<' | '<=' | '>' | '>=';

/** Each one is a list of conditions that all have to hold. */
export type Alternatives = Condition[][];

export const comparisons: ReadonlySet<string> = new Set<Comparison>(['<', '<=', '>', '>=']);

export function matches(row: Row, alternatives: Alternatives): boolean {
  for (const all of alternatives) if (holdAll(row, all)) return true;
  return false;
}

function holdAll(row: Row, all: readonly Condition[]): boolean {
  for (const condition of all) if (!holds(row, condition)) return false;
  return true;
}

/** As SQL has it: what is null neither equals nor differs from anything. */
function holds(row: Row, condition: Condition): boolean {
  if (condition.is === 'any') return matches(row, condition.of);
  const { column } = condition;
  const value = row[column];
  if (value === undefined) throw new NotPlain(`The rows here have no ${column}`);
  if (condition.is === 'null') return (value === null) !== condition.not;
  if (value === null) return false;
  if (condition.is === 'compared') return compared(alike(value, condition.to), condition.by, condition.to);
  for (const each of condition.values) if (alike(value, each) === each) return !condition.not;
  return condition.not;
}

/** A number beside a text: what then is equal, or less, each engine sees in its own way. */
function alike<T>(value: unknown, other: T): T {
  if (typeof value !== typeof other) throw new NotPlain('A text and a number are compared');
  return value as T;
}

function compared(value: number, by: Comparison, to: number): boolean {
  if (by === '<') return value < to;
  if (by === '<=') return value <= to;
  return by === '>' ? value > to : value >= to;
}

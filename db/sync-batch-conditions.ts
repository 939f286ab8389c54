export type Row = Record<string, unknown>;

/** What a query asks of a row, as far as rows in memory can answer it. */
export type Condition =
  | { is: 'in'; column: string; values: readonly unknown[]; not: boolean }
  | { is: 'null'; column: string; not: boolean }
  | { is: 'compared'; column: string; by: Comparison; to: number }
  | { is: 'any'; of: Alternatives; not: boolean };

export type Comparison = '<' | '<=' | '>' | '>=';

/** Each one is a list of conditions that all have to hold. */
export type Alternatives = Condition[][];

export const comparisons: ReadonlySet<string> = new Set<Comparison>(['<', '<=', '>', '>=']);

export function matches(row: Row, alternatives: Alternatives): boolean {
  return alternatives.some((all) => all.every((condition) => holds(row, condition)));
}

/** As SQL has it: what is null neither equals nor differs from anything. */
function holds(row: Row, condition: Condition): boolean {
  if (condition.is === 'any') return matches(row, condition.of) !== condition.not;
  const value = row[condition.column] ?? null;
  if (condition.is === 'null') return (value === null) !== condition.not;
  if (value === null) return false;
  if (condition.is === 'in') return condition.values.includes(value) !== condition.not;
  return compared(value, condition.by, condition.to);
}

function compared(value: unknown, by: Comparison, to: number): boolean {
  if (typeof value !== 'number') return false;
  if (by === '<') return value < to;
  if (by === '<=') return value <= to;
  return by === '>' ? value > to : value >= to;
}

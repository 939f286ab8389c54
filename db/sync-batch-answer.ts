import type { Row } from './sync-batch-conditions.ts';
import { NotPlain } from './sync-batch-not-plain.ts';
import { inOrder, isClear, type Order } from './sync-batch-order.ts';
import { isPlain } from './sync-batch-values.ts';

export type Total = { kind: 'min' | 'sum'; name: string; column: string };

/** What a query wants of the rows that its conditions hold for. */
export type Wanted = {
  /** All of them where none is named. */
  columns: string[];
  order: Order[];
  limit: number;
  isFirst: boolean;
  total: Total | null;
};

/** The answer as knex would give it, unless only the database can tell what that is. */
export function answerOf(found: Row[], wanted: Wanted): unknown {
  if (wanted.total) return totalOf(found, wanted, wanted.total);
  if (found.length === 0) return wanted.isFirst ? undefined : [];
  const sorted = inOrder(found, wanted.order);
  if (!sorted) throw new NotPlain('Engines may order these rows differently');
  const count = wanted.isFirst ? 1 : wanted.limit;
  const [last, next] = [sorted[count - 1], sorted[count]];
  if (last && next && !isClear(last, next, wanted.order))
    throw new NotPlain('Nothing says which of these rows comes first');
  const rows = sorted.slice(0, count).map((row) => named(row, wanted.columns));
  return wanted.isFirst ? rows[0] : rows;
}

function named(row: Row, columns: readonly string[]): Row {
  if (columns.length === 0) return { ...row };
  const answer: Row = {};
  for (const column of columns) answer[column] = valueIn(row, column);
  return answer;
}

function totalOf(found: readonly Row[], { isFirst }: Wanted, { kind, name, column }: Total): Row | Row[] {
  const values = found.map((row) => valueIn(row, column)).filter((value) => value !== null);
  const numbers = values.map((value) => {
    if (typeof value !== 'number' || !isPlain(value)) throw new NotPlain(`${column} is no number`);
    return value;
  });
  const total = kind === 'min' ? Math.min(...numbers) : numbers.reduce((sum, value) => sum + value, 0);
  const answer = { [name]: numbers.length === 0 ? null : total };
  return isFirst ? answer : [answer];
}

function valueIn(row: Row, column: string): unknown {
  const value = row[column];
  if (value === undefined) throw new NotPlain(`The rows here have no ${column}`);
  return value;
}

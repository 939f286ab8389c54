import type { Row } from './sync-batch-conditions.ts';

export type Insert = {
  kind: 'insert';
  rows: readonly Row[];
  /** The columns of a key that may be there already. */
  conflict: readonly string[] | null;
  /** What becomes of the row that has it: nothing, this, or all that is inserted; undefined while that is not said. */
  merge?: Row | 'all' | null;
};

export type Write = Insert | { kind: 'update'; patch: Row };

/** What an insert leaves out is null on one engine, and on the other what the table says. */
export function isSaidInFull({ rows, conflict, merge }: Insert): boolean {
  const columns = Object.keys(rows[0] ?? {});
  const isFull = (row: Row) =>
    (rows.length === 1 || Object.keys(row).length === columns.length) &&
    columns.every((column) => row[column] !== undefined);
  if (conflict && merge === undefined) return false;
  return columns.length > 0 && rows.every(isFull);
}

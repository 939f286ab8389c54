import type { Row, Table } from './table.ts';

/** What a scenario or a test named must exist; a slip in a name should say so at once. */
export function requireRow<T extends Row>(table: Table<T>, noun: string, id: string): T {
  const row = table.get(id);
  if (!row) throw new Error(`The local Stripe has no ${noun} '${id}'.`);
  return row;
}

import type { Row } from './sync-batch-conditions.ts';

export type Order = { column: string; isDescending: boolean; isByNull: boolean };

/** `priority, expires_at is null, created_at desc`; null when it is for the database to work out. */
export function orderOf(text: string): Order[] | null {
  const order: Order[] = [];
  for (const part of text.split(',')) {
    const [, column, isNull, direction] = /^\s*(\w+)( is null)?( asc| desc)?\s*$/.exec(part) ?? [];
    if (!column) return null;
    order.push({ column, isDescending: direction === ' desc', isByNull: isNull !== undefined });
  }
  return order;
}

/** Null where the two engines may order differently: only they know then. */
export function inOrder(rows: Row[], order: readonly Order[]): Row[] | null {
  if (order.length === 0 || rows.length < 2) return rows;
  if (rows.some((row) => order.some(({ column }) => row[column] === undefined))) return null;
  let isSure = true;
  const sorted = rows.sort((a, b) => {
    for (const { column, isDescending, isByNull } of order) {
      const one = isByNull ? Number(a[column] == null) : a[column];
      const other = isByNull ? Number(b[column] == null) : b[column];
      if (one === other || (one == null && other == null)) continue;
      isSure &&= isOrderedAlike(one, other);
      const by = (one as number) < (other as number) ? -1 : 1;
      return isDescending ? -by : by;
    }
    return 0;
  });
  return isSure ? sorted : null;
}

/** Whether the order says which of two rows that follow each other comes first. */
export function isClear(one: Row, other: Row, order: readonly Order[]): boolean {
  return order.some(({ column, isByNull }) =>
    isByNull ? (one[column] == null) !== (other[column] == null) : one[column] !== other[column],
  );
}

/** Ids that Lucy makes: no collation orders them otherwise. */
const plainText = /^[a-z0-9_]*$/;

function isOrderedAlike(one: unknown, other: unknown): boolean {
  if (typeof one === 'number') return typeof other === 'number';
  if (typeof one !== 'string' || typeof other !== 'string') return false;
  // Some collations pass over “_”, which makes no difference where both have it at the same place.
  return plainText.test(one) && plainText.test(other) && frameOf(one) === frameOf(other);
}

function frameOf(text: string): string {
  return text.slice(0, text.lastIndexOf('_') + 1).replaceAll(/[^_]/g, '.');
}

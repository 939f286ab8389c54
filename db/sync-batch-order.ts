import type { Row } from './sync-batch-conditions.ts';
import { NotPlain } from './sync-batch-rows.ts';

export type Order = { column: string; isDescending: boolean; isByNull: boolean };

/** `priority, expires_at is null, created_at desc` */
export function orderOf(text: string): Order[] {
  return text.split(',').map((part) => {
    const [, column, isNull, direction] = /^\s*(\w+)( is null)?( asc| desc)?\s*$/.exec(part) ?? [];
    if (!column) throw new NotPlain(`“${part}” is an order for the database to work out`);
    return { column, isDescending: direction === ' desc', isByNull: isNull !== undefined };
  });
}

/** Null where the two engines may order differently: only they know then. */
export function inOrder(rows: Row[], order: readonly Order[]): Row[] | null {
  if (order.length === 0 || rows.length < 2) return rows;
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

/** Ids that Lucy makes: no collation orders them otherwise. */
const plainText = /^[a-z0-9_]*$/;

function isOrderedAlike(one: unknown, other: unknown): boolean {
  if (typeof one === 'number') return typeof other === 'number';
  return [one, other].every((value) => typeof value === 'string' && plainText.test(value));
}

export type Row = { id: string; created: number };

/** Objects of one kind, in the order in which Stripe lists them (newest first), findable by id and by owner. */
export type Table<T extends Row> = {
  add(row: T): T;
  get(id: string): T | undefined;
  /** Newest first. */
  newestFirst(): T[];
  /** Those of one owner (a customer, a charge, an invoice), newest first. */
  of(owner: string): T[];
  size(): number;
};

export function createTable<T extends Row>(ownerOf: (row: T) => string | null = () => null): Table<T> {
  const byId = new Map<string, T>();
  const oldestFirst: T[] = [];
  const byOwner = new Map<string, T[]>();
  return {
    add(row) {
      byId.set(row.id, row);
      insert(oldestFirst, row);
      const owner = ownerOf(row);
      if (owner !== null) {
        const rows = byOwner.get(owner);
        if (rows) insert(rows, row);
        else byOwner.set(owner, [row]);
      }
      return row;
    },
    get: (id) => byId.get(id),
    newestFirst: () => oldestFirst.toReversed(),
    of: (owner) => (byOwner.get(owner) ?? []).toReversed(),
    size: () => byId.size,
  };
}

/** By `created`, then in order of arrival: usually an append, for the clock rarely goes back. */
function insert<T extends Row>(rows: T[], row: T): void {
  const last = rows.at(-1);
  if (!last || last.created <= row.created) {
    rows.push(row);
    return;
  }
  const at = rows.findLastIndex((other) => other.created <= row.created);
  rows.splice(at + 1, 0, row);
}

import { type Alternatives, matches, type Row } from './sync-batch-conditions.ts';
import { type Door, doorsByName, shapes, type TableShape } from './sync-batch-doors.ts';
import { NotPlain } from './sync-batch-not-plain.ts';
import type { Way } from './sync-batch-ways.ts';

/** One row: as it is now, and as it was read; null for a new one. */
export type Kept = { row: Row; was: Row | null; isGone: boolean };

/** Rows that nobody reads back: what an insert does when its key is there already is the database’s to see. */
export type Blind = { row: Row; conflict: string };

/** What was found through a door for one key. Rows that do not match any more stay in it, and are looked at again. */
type Bucket = { isRead: boolean; kept: Kept[] };

/** `buckets`: of each door, in the order of the doors, by what was asked for. */
type KeptTable = { shape: TableShape; rows: Map<string, Kept>; buckets: Map<string, Bucket>[] };

/** What is asked through a door, as one text. */
export function keyOf(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : values.join('\u0000');
}

/** What tells a row from the others of its table. */
function idOf({ doors: [first] }: TableShape, row: Row): string {
  return (first && keyIn(row, first.columns)) ?? 'null';
}

/** What leads to this row through a door of these columns; null where one of them has no value. */
function keyIn(row: Row, columns: readonly string[]): string | null {
  const [only = ''] = columns;
  if (columns.length === 1) return row[only] == null ? null : String(row[only]);
  const values = columns.map((column) => row[column]);
  return values.some((value) => value == null) ? null : keyOf(values);
}

/**
 * The rows that a batch of passes works on: read through doors, changed here, and written at the end. Each row is here
 * once, through however many doors it was read, so that every pass sees what those before it did.
 */
export class SyncBatchRows {
  readonly tables = new Map<string, KeptTable>();
  readonly blind = new Map<string, Blind[]>();
  readonly #undos: (() => void)[] = [];

  tableOf(name: string): KeptTable {
    const known = this.tables.get(name);
    if (known) return known;
    const shape = shapes.get(name);
    if (!shape) throw new NotPlain(`Rows of ${name} are not read ahead`);
    const table: KeptTable = { shape, rows: new Map(), buckets: shape.doors.map(() => new Map()) };
    this.tables.set(name, table);
    return table;
  }

  /** Whether all rows are here that this door leads to. */
  isRead(door: Door, key: string): boolean {
    const table = this.tableOf(door.table);
    return table.buckets[door.place]?.get(key)?.isRead === true || (door.isKey && table.rows.has(key));
  }

  /** All rows that the database has for these keys. One that is here already is as this batch has changed it. */
  take(door: Door, keys: readonly (readonly unknown[])[], read: readonly Row[]): void {
    const table = this.tableOf(door.table);
    for (const row of read) {
      const key = idOf(table.shape, row);
      if (table.rows.has(key)) continue;
      const kept = { row, was: row, isGone: false };
      table.rows.set(key, kept);
      index(table, kept, null);
    }
    for (const key of keys) bucketOf(table, door, keyOf(key)).isRead = true;
  }

  /** Rows that these conditions hold for, behind these doors; null where not all that they lead to is here. */
  find(ways: readonly Way[], asked: Alternatives): Kept[] | null {
    const found: Kept[] = [];
    for (const { door, values } of ways) {
      const table = this.tableOf(door.table);
      const key = keyOf(values);
      const bucket = table.buckets[door.place]?.get(key);
      if (!bucket?.isRead && !(door.isKey && table.rows.has(key))) return null;
      for (const kept of bucket?.kept ?? [])
        if (!kept.isGone && matches(kept.row, asked) && !found.includes(kept)) found.push(kept);
    }
    return found;
  }

  insert(name: string, given: Row): void {
    const table = this.tableOf(name);
    const key = idOf(table.shape, given);
    if (table.rows.has(key)) throw new NotPlain(`${name} has this row already`);
    const kept: Kept = { row: { ...table.shape.defaults, ...given }, was: null, isGone: false };
    table.rows.set(key, kept);
    index(table, kept, null);
    for (const other of table.shape.namedBy ?? []) {
      const door = doorsByName.get(other);
      if (door) bucketOf(this.tableOf(door.table), door, key).isRead = true;
    }
    this.#undos.push(() => {
      kept.isGone = true;
      table.rows.delete(key);
    });
  }

  change(name: string, kept: Kept, patch: Row): void {
    const before = kept.row;
    const table = this.tableOf(name);
    const { shape } = table;
    const now = { ...before, ...patch };
    // A row is changed by its key, which is one column and stays.
    if (shape.key.includes('+') || now[shape.key] !== before[shape.key])
      throw new NotPlain(`Which row of ${name} this is would change`);
    kept.row = now;
    index(table, kept, before);
    this.#undos.push(() => {
      kept.row = before;
    });
  }

  insertBlind(name: string, row: Row, conflict: string): void {
    const rows = this.blind.get(name) ?? [];
    this.blind.set(name, rows);
    rows.push({ row, conflict });
    this.#undos.push(() => void rows.pop());
  }

  /** What is done from here on is what `undo` takes back. */
  begin(): void {
    this.#undos.length = 0;
  }

  undo(): void {
    while (this.#undos.length > 0) this.#undos.pop()?.();
  }
}

/** Puts a row where it is looked for, as far as it was not there before. */
function index(table: KeptTable, kept: Kept, before: Row | null): void {
  for (const door of table.shape.doors) {
    const key = keyIn(kept.row, door.columns);
    if (key === null || (before && keyIn(before, door.columns) === key)) continue;
    const { kept: there } = bucketOf(table, door, key);
    if (!there.includes(kept)) there.push(kept);
  }
}

function bucketOf({ buckets }: KeptTable, door: Door, key: string): Bucket {
  const known = buckets[door.place]?.get(key);
  if (known) return known;
  const bucket = { isRead: false, kept: [] };
  buckets[door.place]?.set(key, bucket);
  return bucket;
}

import { type Alternatives, matches, type Row } from './sync-batch-conditions.ts';
import { type Door, shapes, type TableShape } from './sync-batch-doors.ts';
import { NotPlain } from './sync-batch-not-plain.ts';

/** One row: as it is now, and as it was read; null for a new one. */
export type Kept = { row: Row; was: Row | null; isGone: boolean };

/** Rows that nobody reads back: what an insert does when its key is there already is the database’s to see. */
export type Blind = { row: Row; conflict: string };

/** What was found through a door for one key. Rows that do not match any more stay in it, and are looked at again. */
type Bucket = { isRead: boolean; kept: Kept[] };

type KeptTable = { shape: TableShape; rows: Map<string, Kept> };

/** What is asked through a door, as one text. */
export function keyOf(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : values.join('\u0000');
}

/** What tells a row from the others of its table. */
function idOf({ key }: TableShape, row: Row): string {
  return keyOf(key.split('+').map((column) => row[column]));
}

/**
 * The rows that a batch of passes works on: read through doors, changed here, and written at the end. Each row is here
 * once, through however many doors it was read, so that every pass sees what those before it did.
 */
export class SyncBatchRows {
  readonly tables = new Map<string, KeptTable>();
  readonly blind = new Map<string, Blind[]>();
  readonly #buckets = new Map<Door, Map<string, Bucket>>();
  readonly #undos: (() => void)[] = [];

  tableOf(name: string): KeptTable {
    const known = this.tables.get(name);
    if (known) return known;
    const shape = shapes.get(name);
    if (!shape) throw new NotPlain(`Rows of ${name} are not read ahead`);
    const table: KeptTable = { shape, rows: new Map() };
    for (const door of shape.doors) this.#buckets.set(door, new Map());
    this.tables.set(name, table);
    return table;
  }

  /** Whether all rows are here that this door leads to. */
  isRead(door: Door, key: string): boolean {
    const table = this.tableOf(door.table);
    return this.#buckets.get(door)?.get(key)?.isRead === true || (door.isKey && table.rows.has(key));
  }

  /** All rows that the database has for these keys. One that is here already is as this batch has changed it. */
  take(door: Door, keys: readonly (readonly unknown[])[], read: readonly Row[]): void {
    const table = this.tableOf(door.table);
    for (const row of read) {
      const key = idOf(table.shape, row);
      if (table.rows.has(key)) continue;
      const kept = { row, was: row, isGone: false };
      table.rows.set(key, kept);
      this.#index(table.shape, kept, null);
    }
    for (const key of keys) this.#bucketOf(door, keyOf(key)).isRead = true;
  }

  /** Rows that these conditions hold for, behind these doors. */
  find(ways: readonly { door: Door; key: string }[], asked: Alternatives): Kept[] {
    const found: Kept[] = [];
    for (const { door, key } of ways)
      for (const kept of this.#buckets.get(door)?.get(key)?.kept ?? [])
        if (!kept.isGone && matches(kept.row, asked) && !found.includes(kept)) found.push(kept);
    return found;
  }

  insert(name: string, given: Row): void {
    const table = this.tableOf(name);
    const key = idOf(table.shape, given);
    if (table.rows.has(key)) throw new NotPlain(`${name} has this row already`);
    const kept: Kept = { row: { ...table.shape.defaults, ...given }, was: null, isGone: false };
    table.rows.set(key, kept);
    this.#index(table.shape, kept, null);
    this.#undos.push(() => {
      kept.isGone = true;
      table.rows.delete(key);
    });
  }

  change(name: string, kept: Kept, patch: Row): void {
    const before = kept.row;
    const { shape } = this.tableOf(name);
    const now = { ...before, ...patch };
    // A row is changed by its key, which is one column and stays.
    if (shape.key.includes('+') || now[shape.key] !== before[shape.key])
      throw new NotPlain(`Which row of ${name} this is would change`);
    kept.row = now;
    this.#index(shape, kept, before);
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

  /** Puts a row where it is looked for, as far as it was not there before. */
  #index({ doors }: TableShape, kept: Kept, before: Row | null): void {
    for (const door of doors) {
      const { columns } = door;
      if (before && columns.every((column) => before[column] === kept.row[column])) continue;
      const values = columns.map((column) => kept.row[column]);
      if (values.some((value) => value === null || value === undefined)) continue;
      const { kept: there } = this.#bucketOf(door, keyOf(values));
      if (!there.includes(kept)) there.push(kept);
    }
  }

  #bucketOf(door: Door, key: string): Bucket {
    const buckets = this.#buckets.get(door);
    const known = buckets?.get(key);
    if (known) return known;
    const bucket = { isRead: false, kept: [] };
    buckets?.set(key, bucket);
    return bucket;
  }
}

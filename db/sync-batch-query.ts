import { answerOf } from './sync-batch-answer.ts';
import type { Call } from './sync-batch-asking.ts';
import type { Row } from './sync-batch-conditions.ts';
import { type Door, shapes, type TableShape } from './sync-batch-doors.ts';
import type { Insert } from './sync-batch-insert.ts';
import { NotPlain } from './sync-batch-not-plain.ts';
import { type Kept, keyOf, type SyncBatchRows } from './sync-batch-rows.ts';
import { blindly, equals, isPlain, saidIn, valuesOf } from './sync-batch-values.ts';
import { SyncBatchWanting } from './sync-batch-wanting.ts';
import { type Way, waysTo } from './sync-batch-ways.ts';

/** What a query works on, and what it does where rows in memory do not answer it. */
export type QuerySource = {
  rows: SyncBatchRows;
  /** Whether what is written stays in memory until the end; if not, the database is asked. */
  writes: boolean;
  /** Reads what was not read ahead. */
  read(door: Door, keys: readonly (readonly unknown[])[]): Promise<void>;
  raw(text: string): unknown;
  /** Asks the database itself with the same calls, or throws. */
  ask(table: string, calls: readonly Call[]): Promise<unknown>;
};

type Settled = ((answer: unknown) => unknown) | null;

/** The part of a knex query that the functions of db/ use, answered from the rows of a batch. */
export class SyncBatchQuery extends SyncBatchWanting {
  readonly #source: QuerySource;
  readonly #table: string;

  constructor(source: QuerySource, table: string) {
    super();
    this.#source = source;
    this.#table = table;
  }

  /** At once where the rows are there: nobody else comes between two queries of one pass. */
  // biome-ignore lint/suspicious/noThenProperty: a knex query is awaited just so
  then(done?: Settled, failed?: Settled): unknown {
    let answer: unknown;
    try {
      answer = this.#run();
    } catch (error) {
      answer = Promise.reject(error);
    }
    if (answer instanceof Promise) return answer.catch((error) => this.#instead(error)).then(done, failed);
    // `await` wants nothing back: its own promise is settled here.
    try {
      return Promise.resolve(done ? done(answer) : answer);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #run(): unknown {
    const { write, asked } = this;
    if (!this.isClear() || (write && !this.#source.writes)) return this.#askDatabase();
    if (write?.kind === 'insert') return this.#insert(write);
    const shape = shapes.get(this.#table);
    const ways = shape && !this.#isMoreThanRead(shape) ? waysTo(shape, asked) : null;
    if (!ways) return this.#askDatabase();
    if (write) return this.#through(ways, (found) => this.#update(found, saidIn(write.patch)));
    return this.#through(ways, (found) =>
      answerOf(
        found.map(({ row }) => row),
        this.wanted,
      ),
    );
  }

  /** Where the rows here do not tell, who only reads asks the database; a pass goes alone. */
  #instead(error: unknown): Promise<unknown> {
    if (error instanceof NotPlain && !this.#source.writes) return this.#askDatabase();
    return Promise.reject(error);
  }

  #askDatabase(): Promise<unknown> {
    return this.#source.ask(this.#table, this.calls);
  }

  /** Something is asked for that rows here have only in part, or are not held for. */
  #isMoreThanRead(shape: TableShape): boolean {
    if (this.isHolding && !shape.isHeld) return true;
    if (!shape.read || this.write) return false;
    return !this.#source.writes || (this.wanted.columns.length === 0 && !this.wanted.total);
  }

  #through<T>(ways: readonly Way[], use: (found: Kept[]) => T): T | Promise<T> {
    const found = this.#source.rows.find(ways, this.asked);
    return found ? use(found) : this.#read(ways).then((read) => use(read));
  }

  async #read(ways: readonly Way[]): Promise<Kept[]> {
    const { rows, read } = this.#source;
    for (const { door, values } of ways) if (!rows.isRead(door, keyOf(values))) await read(door, [values]);
    const found = rows.find(ways, this.asked);
    if (!found) throw new NotPlain(`What was read of ${this.#table} is not here`);
    return found;
  }

  #update(found: readonly Kept[], patch: Row): number {
    if (Object.keys(patch).length === 0) throw new NotPlain('Nothing is changed');
    for (const kept of found) this.#source.rows.change(this.#table, kept, valuesOf(kept.row, patch));
    return found.length;
  }

  #insert(insert: Insert): unknown {
    const { rows: memory } = this.#source;
    const shape = shapes.get(this.#table);
    const { conflict, merge = null } = insert;
    const rows = insert.rows.map(saidIn);
    const [row] = rows;
    if (shape && conflict) {
      if (rows.length > 1 || !row) throw new NotPlain('Rows with a key that may be there are put one by one');
      return this.#put(shape, conflict, merge, row);
    }
    for (const each of rows)
      if (shape) memory.insert(this.#table, each);
      else memory.insertBlind(this.#table, each, blindly(conflict, merge, each));
    return [];
  }

  #put(shape: TableShape, conflict: readonly string[], merge: Row | 'all' | null, row: Row): unknown {
    const memory = this.#source.rows;
    const door = shape.doors.find((it) => it.columns.join() === conflict.join() && !it.only);
    const values = conflict.map((column) => row[column]);
    // What is null conflicts with nothing.
    if (!door || !values.every(isPlain)) throw new NotPlain(`What of ${this.#table} is there already?`);
    this.asked[0] = door.columns.map((column) => equals(column, row[column], false));
    return this.#through([{ door, values }], ([known]) => {
      if (!known) memory.insert(this.#table, row);
      else if (merge)
        memory.change(this.#table, known, valuesOf(known.row, merge === 'all' ? row : saidIn(merge)));
      return [];
    });
  }
}

import { type Call, SyncBatchAsking } from './sync-batch-asking.ts';
import type { Row } from './sync-batch-conditions.ts';
import { type Door, shapes, type TableShape } from './sync-batch-doors.ts';
import { inOrder, type Order, orderOf } from './sync-batch-order.ts';
import { type Kept, keyOf, NotPlain, type SyncBatchRows } from './sync-batch-rows.ts';
import { blindly, equals, valuesOf } from './sync-batch-values.ts';
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

type Insert = { kind: 'insert'; rows: readonly Row[]; conflict: string[] | null; merge: Row | 'all' | null };

type Write = Insert | { kind: 'update'; patch: Row };

type Total = { kind: 'min' | 'sum'; name: string; column: string };

/** The part of a knex query that the functions of db/ use, answered from the rows of a batch. */
export class SyncBatchQuery extends SyncBatchAsking {
  readonly #source: QuerySource;
  readonly #table: string;
  readonly #order: Order[] = [];
  #limit = Number.POSITIVE_INFINITY;
  #isFirst = false;
  #total: Total | null = null;
  #write: Write | null = null;

  constructor(source: QuerySource, table: string) {
    super();
    this.#source = source;
    this.#table = table;
  }

  orderBy(column: string | readonly (string | { column: string; order?: string })[], order = 'asc'): this {
    this.called('orderBy', [column, order]);
    const parts = typeof column === 'string' ? [{ column, order }] : column;
    for (const part of parts)
      this.#order.push(
        typeof part === 'string'
          ? { column: part, isDescending: false, isByNull: false }
          : { column: part.column, isDescending: part.order === 'desc', isByNull: false },
      );
    return this;
  }

  orderByRaw(text: string): this {
    this.called('orderByRaw', [text]).#order.push(...orderOf(text));
    return this;
  }

  limit(count: number): this {
    this.called('limit', [count]).#limit = count;
    return this;
  }

  select(...columns: unknown[]): this {
    return this.called('select', columns);
  }

  first(...columns: unknown[]): this {
    this.called('first', columns).#isFirst = true;
    return this;
  }

  /** Rows that are held are held since they were read. */
  forUpdate(): this {
    return this.called('forUpdate', []);
  }

  min(what: Record<string, string>): this {
    return this.called('min', [what]).#totals('min', what);
  }

  sum(what: Record<string, string>): this {
    return this.called('sum', [what]).#totals('sum', what);
  }

  insert(rows: Row | readonly Row[]): this {
    this.called('insert', [rows]);
    const list = Array.isArray(rows) ? (rows as readonly Row[]) : [rows as Row];
    this.#write = { kind: 'insert', rows: list, conflict: null, merge: null };
    return this;
  }

  onConflict(columns: string | string[]): this {
    this.called('onConflict', [columns]);
    if (this.#write?.kind === 'insert')
      this.#write.conflict = typeof columns === 'string' ? [columns] : columns;
    return this;
  }

  ignore(): this {
    return this.called('ignore', []);
  }

  merge(patch: Row | 'all' = 'all'): this {
    this.called('merge', patch === 'all' ? [] : [patch]);
    if (this.#write?.kind === 'insert') this.#write.merge = patch;
    return this;
  }

  update(patch: Row): this {
    this.called('update', [patch]).#write = { kind: 'update', patch };
    return this;
  }

  /** At once where the rows are there: nobody else comes between two queries of one pass. */
  // biome-ignore lint/suspicious/noThenProperty: a knex query is awaited just so
  then(done: (answer: unknown) => unknown, failed: (error: unknown) => unknown): void {
    try {
      const answer = this.#run();
      if (answer instanceof Promise) answer.then(done, failed);
      else done(answer);
    } catch (error) {
      failed(error);
    }
  }

  #run(): unknown {
    const shape = this.#shape();
    if (this.isOdd || (this.#write && !this.#source.writes)) return this.#source.ask(this.#table, this.calls);
    if (this.#write?.kind === 'insert') return this.#insert(this.#write, shape);
    const ways = shape ? waysTo(shape, this.asked) : null;
    if (!ways) return this.#source.ask(this.#table, this.calls);
    return this.#through(ways, (found) =>
      this.#write?.kind === 'update' ? this.#update(found, this.#write.patch) : this.#answer(found),
    );
  }

  /** Of a table that is read in part, whoever only reads wants the whole rows. */
  #shape(): TableShape | undefined {
    const shape = shapes.get(this.#table);
    return shape?.read && !this.#source.writes ? undefined : shape;
  }

  #through<T>(ways: readonly Way[], use: (found: Kept[]) => T): T | Promise<T> {
    const { rows } = this.#source;
    const keyed = ways.map(({ door, values }) => ({ door, values, key: keyOf(values) }));
    const missing = keyed.filter(({ door, key }) => !rows.isRead(door, key));
    if (missing.length === 0) return use(rows.find(keyed, this.asked));
    return this.#read(missing).then(() => use(rows.find(keyed, this.asked)));
  }

  async #read(ways: readonly Way[]): Promise<void> {
    for (const { door, values } of ways) await this.#source.read(door, [values]);
  }

  #answer(found: readonly Kept[]): unknown {
    const list = inOrder(
      found.map(({ row }) => row),
      this.#order,
    );
    // Without an order, which row is the first only the database knows.
    const isUnclear = list === null || (this.#isFirst && list.length > 1 && this.#order.length === 0);
    if (isUnclear && !this.#total) return this.#source.ask(this.#table, this.calls);
    if (this.#total) return this.#totalOf(list ?? [], this.#total);
    if (!this.#isFirst) return list?.slice(0, this.#limit).map((row) => ({ ...row }));
    const first = list?.[0];
    return first && { ...first };
  }

  #totalOf(list: readonly Row[], total: Total): Row | Row[] {
    const values = list.flatMap((row) => (row[total.column] == null ? [] : [Number(row[total.column])]));
    const sum = values.reduce((all, value) => all + value, 0);
    const value = values.length === 0 ? null : total.kind === 'min' ? Math.min(...values) : sum;
    return this.#isFirst ? { [total.name]: value } : [{ [total.name]: value }];
  }

  #update(found: readonly Kept[], patch: Row): number {
    for (const kept of found) this.#source.rows.change(this.#table, kept, valuesOf(kept.row, patch));
    return found.length;
  }

  #insert({ rows, conflict, merge }: Insert, shape: TableShape | undefined): unknown {
    const memory = this.#source.rows;
    const [row] = rows;
    if (this.asked.some((all) => all.length > 0))
      throw new NotPlain('Only the database inserts on a condition');
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
    if (!door) throw new NotPlain(`Nothing leads to what of ${this.#table} is there already`);
    this.asked[0] = door.columns.map((column) => equals(column, row[column], false));
    return this.#through([{ door, values: door.columns.map((column) => row[column]) }], ([known]) => {
      if (!known) memory.insert(this.#table, row);
      else if (merge) memory.change(this.#table, known, valuesOf(known.row, merge === 'all' ? row : merge));
      return [];
    });
  }

  #totals(kind: 'min' | 'sum', what: Record<string, string>): this {
    const [[name, column] = ['', '']] = Object.entries(what);
    this.#total = { kind, name, column };
    return this;
  }
}

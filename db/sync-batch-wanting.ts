import type { Wanted } from './sync-batch-answer.ts';
import { SyncBatchAsking } from './sync-batch-asking.ts';
import type { Row } from './sync-batch-conditions.ts';
import { isSaidInFull, type Write } from './sync-batch-insert.ts';
import { orderOf } from './sync-batch-order.ts';
import { isColumn } from './sync-batch-values.ts';

/** What a query does with the rows that its conditions hold for, in knex's words. */
export class SyncBatchWanting extends SyncBatchAsking {
  protected readonly wanted: Wanted = {
    columns: [],
    order: [],
    limit: Number.POSITIVE_INFINITY,
    isFirst: false,
    total: null,
  };
  protected write: Write | null = null;
  protected isHolding = false;

  orderBy(column: string | readonly (string | { column: string; order?: string })[], order = 'asc'): this {
    const parts = typeof column === 'string' ? [{ column, order }] : column;
    this.called('orderBy', [column, order]);
    for (const part of parts) {
      const {
        column: name,
        order: way = 'asc',
        ...more
      } = typeof part === 'string' ? { column: part } : part;
      this.#doubt(!isColumn(name) || !['asc', 'desc'].includes(way) || Object.keys(more).length > 0);
      this.wanted.order.push({ column: name, isDescending: way === 'desc', isByNull: false });
    }
    return this;
  }

  orderByRaw(...args: [text: string]): this {
    const order = args.length === 1 && orderOf(args[0]);
    if (order) this.wanted.order.push(...order);
    return this.called('orderByRaw', args).#doubt(!order);
  }

  limit(count: number): this {
    this.wanted.limit = count;
    return this.called('limit', [count]).#doubt(!Number.isSafeInteger(count) || count < 1);
  }

  select(...columns: unknown[]): this {
    return this.called('select', columns).#columns(columns);
  }

  first(...columns: unknown[]): this {
    this.wanted.isFirst = true;
    return this.called('first', columns).#columns(columns);
  }

  /** Rows that are held are held since they were read. */
  forUpdate(...tables: unknown[]): this {
    this.isHolding = true;
    return this.called('forUpdate', tables);
  }

  min(...what: unknown[]): this {
    return this.called('min', what).#total('min', what);
  }

  sum(...what: unknown[]): this {
    return this.called('sum', what).#total('sum', what);
  }

  insert(...args: [rows: Row | readonly Row[]]): this {
    const [rows] = args;
    const list = Array.isArray(rows) ? (rows as readonly Row[]) : [rows as Row];
    this.#doubt(args.length > 1 || this.write !== null);
    this.write = { kind: 'insert', rows: list, conflict: null };
    return this.called('insert', args);
  }

  onConflict(...args: unknown[]): this {
    const [columns] = args;
    const list: unknown[] = Array.isArray(columns) ? columns : [columns];
    if (this.write?.kind === 'insert') this.write.conflict = list.filter(isColumn);
    return this.called('onConflict', args).#doubt(this.write?.kind !== 'insert' || !list.every(isColumn));
  }

  ignore(): this {
    return this.called('ignore', []).#whenThere(null);
  }

  merge(...args: [patch?: Row]): this {
    this.called('merge', args).#doubt(Array.isArray(args[0]) || typeof args[0] === 'string');
    return this.#whenThere(args[0] ?? 'all');
  }

  update(...args: [patch: Row]): this {
    const [patch] = args;
    this.called('update', args).#doubt(args.length > 1 || typeof patch === 'string' || this.write !== null);
    this.write = { kind: 'update', patch };
    return this;
  }

  /** Whether nothing was asked that a query of this kind does not do, or does on one engine only. */
  protected isClear(): boolean {
    const { columns, order, limit, isFirst, total } = this.wanted;
    const isShaped = columns.length > 0 || order.length > 0 || limit < Number.POSITIVE_INFINITY;
    if (this.isOdd || (total && isShaped)) return false;
    if (!this.write) return true;
    if (isShaped || isFirst || total || this.isHolding) return false;
    return this.write.kind === 'update' || (isSaidInFull(this.write) && this.asked.flat().length === 0);
  }

  #columns(columns: readonly unknown[]): this {
    const names = columns.flat();
    this.wanted.columns.push(...names.filter(isColumn));
    return this.#doubt(!names.every(isColumn));
  }

  #total(kind: 'min' | 'sum', [what, ...more]: readonly unknown[]): this {
    const entries = what && typeof what === 'object' ? Object.entries(what) : [];
    const [[name, column] = ['', '']] = entries;
    this.#doubt(this.wanted.total !== null || more.length > 0 || entries.length !== 1 || !isColumn(column));
    this.wanted.total = { kind, name, column };
    return this;
  }

  #whenThere(merge: Row | 'all' | null): this {
    if (this.write?.kind === 'insert') this.write.merge = merge;
    return this;
  }

  #doubt(isOdd: boolean): this {
    this.isOdd ||= isOdd;
    return this;
  }
}

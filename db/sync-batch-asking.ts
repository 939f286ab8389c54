import { type Alternatives, type Comparison, type Condition, comparisons } from './sync-batch-conditions.ts';
import { equals } from './sync-batch-values.ts';

/** One call of a query, as it was made. */
export type Call = readonly [name: string, args: readonly unknown[]];

/** What a query asks for, in knex's words, and kept as it was said. */
export class SyncBatchAsking {
  protected readonly calls: Call[] = [];
  protected readonly asked: Alternatives = [[]];
  /** Something was asked that rows in memory do not answer. */
  protected isOdd = false;

  where(...args: unknown[]): this {
    return this.called('where', args).#and(...this.#conditionsOf(args, false));
  }

  orWhere(...args: unknown[]): this {
    return this.called('orWhere', args)
      .#or()
      .#and(...this.#conditionsOf(args, false));
  }

  whereNot(...args: unknown[]): this {
    return this.called('whereNot', args).#and(...this.#conditionsOf(args, true));
  }

  whereIn(column: string, values: readonly unknown[]): this {
    return this.called('whereIn', [column, values]).#among(column, values, false);
  }

  orWhereIn(column: string, values: readonly unknown[]): this {
    return this.called('orWhereIn', [column, values]).#or().#among(column, values, false);
  }

  whereNotIn(column: string, values: readonly unknown[]): this {
    return this.called('whereNotIn', [column, values]).#among(column, values, true);
  }

  whereNull(column: string): this {
    return this.called('whereNull', [column]).#and({ is: 'null', column, not: false });
  }

  whereNotNull(column: string): this {
    return this.called('whereNotNull', [column]).#and({ is: 'null', column, not: true });
  }

  /** Whatever else knex can do, rows in memory cannot. */
  odd(name: string, args: readonly unknown[]): this {
    this.called(name, args).isOdd = true;
    return this;
  }

  protected called(name: string, args: readonly unknown[]): this {
    this.calls.push([name, args]);
    return this;
  }

  #and(...conditions: Condition[]): this {
    this.asked.at(-1)?.push(...conditions);
    return this;
  }

  /** What begins with “or” has nothing before it to be an alternative to. */
  #or(): this {
    if (this.asked.at(-1)?.length !== 0) this.asked.push([]);
    return this;
  }

  #among(column: string, values: readonly unknown[], not: boolean): this {
    if (!Array.isArray(values)) this.isOdd = true;
    return this.#and({ is: 'in', column, values, not });
  }

  #conditionsOf(args: readonly unknown[], not: boolean): Condition[] {
    const [what, by, to] = args;
    if (typeof what === 'function') {
      const query = new SyncBatchAsking();
      (what as (query: SyncBatchAsking) => unknown)(query);
      this.isOdd ||= query.isOdd;
      return [{ is: 'any', of: query.asked, not }];
    }
    if (typeof what === 'string') {
      if (args.length === 2) return [equals(what, by, not)];
      if (by === '=') return [equals(what, to, not)];
      if (comparisons.has(String(by)) && typeof to === 'number' && !not)
        return [{ is: 'compared', column: what, by: by as Comparison, to }];
    } else if (what && typeof what === 'object')
      return Object.entries(what).map(([column, value]) => equals(column, value, not));
    this.isOdd = true;
    return [];
  }
}

/** Of which nothing is asked back; anything else is said at the end, when what came before it is known. */
const oddities = ['join', 'leftJoin', 'groupBy', 'count', 'delete', 'pluck', 'returning', 'whereRaw'];
for (const name of [...oddities, 'whereExists', 'whereNotExists', 'whereBetween', 'skipLocked', 'increment'])
  Object.defineProperty(SyncBatchAsking.prototype, name, {
    value(this: SyncBatchAsking, ...args: unknown[]) {
      return this.odd(name, args);
    },
  });

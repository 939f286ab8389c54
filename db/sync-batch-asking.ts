import { type Alternatives, type Comparison, type Condition, comparisons } from './sync-batch-conditions.ts';
import { equals, isColumn, isPlain, isPlainOrNull } from './sync-batch-values.ts';

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
    return this.called('whereNull', [column]).#and(...this.#isNull(column, false));
  }

  whereNotNull(column: string): this {
    return this.called('whereNotNull', [column]).#and(...this.#isNull(column, true));
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

  #isNull(column: string, not: boolean): Condition[] {
    if (!isColumn(column)) return this.#unclear();
    return [{ is: 'null', column, not }];
  }

  #among(column: string, values: readonly unknown[], not: boolean): this {
    const isClear = isColumn(column) && Array.isArray(values) && values.every(isPlain);
    if (!isClear) return this.#and(...this.#unclear());
    // Not among nothing is everybody, null or not.
    if (not && values.length === 0) return this.#and({ is: 'any', of: [[]] });
    return this.#and({ is: 'in', column, values, not });
  }

  #conditionsOf(args: readonly unknown[], not: boolean): Condition[] {
    const [what, by, to] = args;
    if (typeof what === 'function') return not ? this.#unclear() : this.#group(what as Group);
    if (isRecord(what) && args.length === 1) return this.#equal(Object.entries(what), not);
    if (args.length === 2) return this.#equal([[what, by]], not);
    // To knex `= null` is what it is in SQL: never.
    if (args.length === 3 && by === '=' && to !== null) return this.#equal([[what, to]], not);
    if (args.length === 3 && comparisons.has(String(by)) && isColumn(what) && !not)
      if (typeof to === 'number' && isPlain(to))
        return [{ is: 'compared', column: what, by: by as Comparison, to }];
    return this.#unclear();
  }

  /** Conditions of no columns at all are no condition, which after “or” is something else than one that always holds. */
  #equal(entries: readonly (readonly [unknown, unknown])[], not: boolean): Condition[] {
    const conditions: Condition[] = [];
    for (const [column, value] of entries) {
      if (!isColumn(column) || !isPlainOrNull(value)) return this.#unclear();
      conditions.push(equals(column, value, not));
    }
    return conditions.length === 0 ? this.#unclear() : conditions;
  }

  #group(ask: Group): Condition[] {
    const query = new SyncBatchAsking();
    ask.call(query, query);
    const isClear = !query.isOdd && query.asked.every((all) => all.length > 0);
    return isClear ? [{ is: 'any', of: query.asked }] : this.#unclear();
  }

  #unclear(): Condition[] {
    this.isOdd = true;
    return [];
  }
}

/** Columns with their values, and not an expression or a query. */
function isRecord(what: unknown): what is Record<string, unknown> {
  if (!what || typeof what !== 'object') return false;
  const kind = Object.getPrototypeOf(what);
  return kind === Object.prototype || kind === null;
}

type Group = (this: SyncBatchAsking, query: SyncBatchAsking) => unknown;

/** Of which nothing is asked back; anything else is said at the end, when what came before it is known. */
const oddities = `
  as from with withRecursive withMaterialized withNotMaterialized column columns distinct distinctOn hintComment comment
  join innerJoin leftJoin leftOuterJoin rightJoin rightOuterJoin outerJoin fullOuterJoin crossJoin joinRaw using jsonExtract
  andWhere andWhereNot orWhereNot whereColumn orWhereColumn andWhereColumn whereRaw orWhereRaw andWhereRaw
  whereExists orWhereExists whereNotExists orWhereNotExists orWhereNotIn whereLike orWhereLike whereILike orWhereILike
  orWhereNull orWhereNotNull whereBetween andWhereBetween whereNotBetween andWhereNotBetween orWhereBetween orWhereNotBetween
  groupBy groupByRaw having andHaving orHaving havingRaw orHavingRaw havingIn havingNull havingNotNull havingBetween havingExists
  offset union unionAll intersect except count countDistinct max avg sumDistinct avgDistinct
  increment decrement delete del truncate pluck returning upsert forShare forNoKeyUpdate forKeyShare skipLocked noWait
  partitionBy rank denseRank rowNumber clear clearSelect clearWhere clearOrder clearHaving clearCounters clearGroup
  modify options timeout debug connection transacting queryContext withSchema
`;
for (const name of oddities.trim().split(/\s+/))
  Object.defineProperty(SyncBatchAsking.prototype, name, {
    value(this: SyncBatchAsking, ...args: unknown[]) {
      return this.odd(name, args);
    },
  });

import fc from 'fast-check';

/** Calls of a knex query in their order; `{ group }` stands for a function that is given a query. */
export type Calls = readonly (readonly [name: string, ...args: unknown[]])[];

/** A query or a write; what a savepoint fails with is caught. */
export type Act = { calls: Calls; isOrdered: boolean } | { failing: Calls };

/** What one member of a batch does, and whether it then wants nothing of it kept. */
export type Member = { acts: readonly Act[]; isRefused: boolean };

export type SeedRow = Record<string, string | number | null>;

export type Life = { rows: readonly SeedRow[]; members: readonly Member[] };

const ids = ['ovr_1', 'ovr_2', 'ovr_3', 'ovr_4', 'ovr_5', 'ovr_6', 'ovr_7', 'ovr_8'];
export const owners = ['cust_1', 'cust_2', 'cust_3'];
const texts = { id: ids, customer_id: owners, tier: ['pro', 'starter'], ticket: ['x', 'y', 'Z-1'] };
const numbers = { starts_at: [1, 2, 3], expires_at: [0, 1, 2, 3], ended_at: [1, 2] };
const values: Record<string, readonly (string | number | null)[]> = { ...texts, ...numbers };
const columns = Object.keys(values);
const nullable = new Set(['ticket', 'expires_at', 'ended_at']);

const oneOf = (column: string) => fc.constantFrom(...(values[column] ?? []));
const maybeNull = (column: string) =>
  nullable.has(column) ? fc.oneof({ weight: 2, arbitrary: oneOf(column) }, fc.constant(null)) : oneOf(column);
const column = fc.constantFrom(...columns);
const orNull = column.chain((name) => fc.tuple(fc.constant(name), maybeNull(name)));

const anyRow = fc.record(Object.fromEntries(columns.map((name) => [name, maybeNull(name)])));

/** The last two come only by an insert. */
const seedRow = fc
  .tuple(anyRow, fc.constantFrom(...ids.slice(0, -2)))
  .map(([row, id]): SeedRow => ({ ...row, id }));

/** What memory must not answer as if it were something else. */
const odd = fc.constantFrom<Calls[number]>(
  ['whereNot', { group: [['where', 'ticket', 'x']] }],
  ['where', 'ticket', '=', null],
  ['whereNotIn', 'ticket', []],
  ['whereNotIn', 'ticket', ['x', null]],
  ['whereIn', 'ticket', ['x', null]],
  ['whereIn', 'ticket', []],
  ['where', 'starts_at', '1'],
  ['where', 'ticket', 5],
  ['where', 'ended_at', '>', '1'],
  ['where', {}],
  ['orWhere', {}],
  ['where', { group: [] }],
  ['where', { ticket: undefined }],
  ['where', 'overrides.ticket', 'x'],
  ['whereNull', 'overrides.ticket'],
  ['offset', 1],
  ['distinct', 'tier'],
  ['groupBy', 'id'],
  ['having', 'starts_at', '>', 1],
  ['limit', 0],
  ['max', { most: 'starts_at' }],
  ['min', { least: 'starts_at', other: 'ended_at' }],
  ['orderByRaw', 'starts_at + 1'],
  ['orderBy', [{ column: 'ended_at', nulls: 'first' }, { column: 'id' }]],
  ['select', 'tier as name'],
  ['select', { name: 'tier' }],
);

const simple: fc.Arbitrary<Calls[number]> = fc.oneof(
  { weight: 4, arbitrary: orNull.map(([name, value]) => ['where', { [name]: value }] as const) },
  {
    weight: 1,
    arbitrary: column.chain((name) => oneOf(name).map((value) => ['where', name, '=', value] as const)),
  },
  { weight: 2, arbitrary: orNull.map(([name, value]) => ['whereNot', { [name]: value }] as const) },
  {
    weight: 1,
    arbitrary: fc.tuple(orNull, orNull).map(([[a, x], [b, y]]) => ['whereNot', { [a]: x, [b]: y }] as const),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(column, fc.constantFrom('whereIn', 'whereNotIn', 'orWhereIn'))
      .chain(([name, how]) =>
        fc.array(oneOf(name), { minLength: 1, maxLength: 3 }).map((some) => [how, name, some] as const),
      ),
  },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('whereNull', 'whereNotNull'), column) },
  {
    weight: 3,
    arbitrary: fc.tuple(
      fc.constant('where'),
      fc.constantFrom(...Object.keys(numbers)),
      fc.constantFrom('<', '<=', '>', '>='),
      fc.constantFrom(0, 1, 2, 3),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(orNull, orNull).map(([[a, x], [b, y]]) => ['orWhere', { [a]: x, [b]: y }] as const),
  },
);

const group = fc
  .tuple(fc.constantFrom('where', 'orWhere'), fc.array(simple, { minLength: 1, maxLength: 3 }))
  .map(([how, calls]) => [how, { group: calls }] as const);

const conditions = fc.array(fc.oneof({ weight: 5, arbitrary: simple }, { weight: 2, arbitrary: group }), {
  maxLength: 3,
});

/** Most go through a door: by their id, or those of an owner that are not ended. */
const through = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.subarray(ids, { minLength: 1 }).map((some): Calls => [['whereIn', 'id', some]]),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(...owners).map(
      (owner): Calls => [
        ['where', { customer_id: owner }],
        ['whereNull', 'ended_at'],
      ],
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...owners).map((owner): Calls => [['where', { customer_id: owner }]]),
  },
);

const order = fc.oneof(
  fc.constant<Calls>([]),
  fc.tuple(column, fc.constantFrom('asc', 'desc')).map(([name, way]): Calls => [['orderBy', name, way]]),
  fc.tuple(column, fc.constantFrom('asc', 'desc')).map(
    ([name, way]): Calls => [
      ['orderBy', name, way],
      ['orderBy', 'id'],
    ],
  ),
  fc.constantFrom<Calls>(
    [['orderBy', [{ column: 'starts_at', order: 'desc' }, { column: 'id' }]]],
    [['orderByRaw', 'ended_at is null, starts_at desc, id']],
    [
      ['orderByRaw', 'expires_at is null desc'],
      ['orderBy', 'id'],
    ],
    [['orderBy', ['starts_at', 'id']]],
  ),
);

const ending = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(order, fc.constant<Calls>([])).map(([all, end]): Calls => [...all, ...end]),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(order, fc.integer({ min: 1, max: 4 }))
      .map(([all, most]): Calls => [...all, ['limit', most]]),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(order, fc.constantFrom<Calls[number]>(['first'], ['first', 'id', 'ticket']))
      .map(([all, first]): Calls => [...all, first]),
  },
  { weight: 1, arbitrary: order.map((all): Calls => [...all, ['select', 'id', 'starts_at']]) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom('min', 'sum'), fc.constantFrom(...Object.keys(numbers)), fc.boolean())
      .map(
        ([kind, name, isFirst]): Calls => [[kind, { total: name }], ...(isFirst ? [['first'] as const] : [])],
      ),
  },
);

const strange = fc
  .tuple(fc.integer({ min: 0, max: 24 }), odd)
  .map(([lot, call]): Calls => (lot === 0 ? [call] : []));

const isOrdered = (calls: Calls) =>
  /"id"\}\]|, id"|"orderBy","id"|"starts_at","id"\]\]/.test(JSON.stringify(calls));

const question = fc.tuple(through, conditions, strange, ending).map((parts): Act => {
  const calls = parts.flat();
  return { calls, isOrdered: isOrdered(calls) };
});

/** Each but the key, and some not said. */
const patch = fc
  .record(Object.fromEntries(columns.slice(1).map((name) => [name, maybeNull(name)])), { requiredKeys: [] })
  .chain((said) =>
    fc.constantFrom<Record<string, unknown>>(
      said,
      said,
      { ...said, ticket: undefined },
      { ...said, id: 'ovr_2' },
    ),
  );

const update = fc
  .tuple(through, conditions, patch)
  .map(([way, more, change]): Calls => [...way, ...more, ['update', change]]);

const whole = anyRow.map((row): SeedRow => ({ ...row, reason: 'model', actor: 'model' }));

const insert = fc
  .tuple(whole, fc.constantFrom('fail', 'ignore', 'merge', 'merge some'), patch)
  .map(([row, how, change]): Calls => {
    if (how === 'fail') return [['insert', { ...row, id: row.starts_at === 1 ? 'ovr_7' : 'ovr_8' }]];
    const merge = how === 'ignore' ? ['ignore'] : how === 'merge' ? ['merge'] : ['merge', change];
    return [['insert', row], ['onConflict', 'id'], merge as unknown as Calls[number]];
  });

const writing = fc.oneof({ weight: 3, arbitrary: update }, { weight: 2, arbitrary: insert });

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 14, arbitrary: question },
  { weight: 10, arbitrary: writing.map((calls): Act => ({ calls, isOrdered: false })) },
  { weight: 1, arbitrary: writing.map((failing): Act => ({ failing })) },
);

const member = fc.record({
  acts: fc.array(act, { minLength: 1, maxLength: 4, size: 'max' }),
  isRefused: fc.integer({ min: 0, max: 4 }).map((lot) => lot === 0),
});

/** Rows of one table, and what some do with them one after the other. */
export const lives: fc.Arbitrary<Life> = fc.record({
  rows: fc.uniqueArray(seedRow, { selector: (row) => row.id, maxLength: 6, size: 'max' }) as fc.Arbitrary<
    SeedRow[]
  >,
  members: fc.array(member, { minLength: 2, maxLength: 6, size: 'max' }),
});

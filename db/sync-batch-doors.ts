import type { Condition } from './sync-batch-conditions.ts';

/**
 * A way to read rows of a table: all that have these values in these columns, and of them only those that `only` says.
 * A query is answered from memory when it goes through a door whose rows were read, and asks for no more than those.
 */
export type Door = {
  name: string;
  table: string;
  columns: readonly string[];
  /** Which of its table's doors it is; the first one is that of the key. */
  place: number;
  /** Whoever is asked for by this is one row. */
  isKey: boolean;
  only: { sql: string; isAsked(all: readonly Condition[]): boolean } | null;
};

/** What is asked through a door. */
export type Question = { door: Door; keys: readonly (readonly unknown[])[] };

export type TableShape = {
  /** One column; of a table that passes only read, several, such as `bulk_id+object_id`. */
  key: string;
  /** Rows that a transaction holds while it decides; they are read, and so held, only at its beginning. */
  isHeld: boolean;
  doors: readonly Door[];
  /** What the database puts where an insert says nothing. */
  defaults: Readonly<Record<string, unknown>>;
  /** Columns that are read, where not all of them are. */
  read?: readonly string[];
  /** By its key, doors to rows that name a row of this table: of one that is new here nobody has any yet. */
  namedBy?: readonly string[];
};

type Only = NonNullable<Door['only']>;

function whenNull(column: string, isNull = true): Only {
  return {
    sql: `${column} is ${isNull ? '' : 'not '}null`,
    isAsked: (all) => all.some((it) => it.is === 'null' && it.column === column && it.not !== isNull),
  };
}

function whenAmong(column: string, values: readonly unknown[]): Only {
  const text = values.map((value) => (typeof value === 'number' ? value : `'${value}'`)).join(', ');
  const isAmong = (it: Condition) =>
    it.is === 'in' && it.column === column && !it.not && it.values.every((value) => values.includes(value));
  return { sql: `${column} in (${text})`, isAsked: (all) => all.some(isAmong) };
}

const whenLeft: Only = {
  sql: 'remaining > 0',
  isAsked: (all) =>
    all.some((it) => it.is === 'compared' && it.column === 'remaining' && it.by === '>' && it.to === 0),
};

type Ways = Record<string, Only | null>;

function table(name: string, key: string, ways: Ways, more: Partial<TableShape> = {}): [string, TableShape] {
  const doors = Object.entries({ [key]: null, ...ways }).map(([columns, only], place) => ({
    name: `${name}:${columns}`,
    table: name,
    columns: columns.split('+'),
    place,
    isKey: columns === key,
    only,
  }));
  return [name, { key, doors, isHeld: false, defaults: {}, ...more }];
}

/** Everything that a plain pass reads, and by what; an index stands behind each door. */
export const shapes: ReadonlyMap<string, TableShape> = new Map([
  table('customer_sync', 'stripe_customer_id', {}, { isHeld: true }),
  table('customer_links', 'stripe_customer_id', { customer_id: null }),
  table('customers', 'id', {}),
  table('entitlements', 'customer_id', {}, { isHeld: true }),
  table(
    'credit_accounts',
    'id',
    { customer_id: null },
    {
      isHeld: true,
      defaults: { balance: 0, held: 0, debt: 0, next_seq: 1 },
      namedBy: ['credit_lots:account_id'],
    },
  ),
  table('subscriptions', 'id', { stripe_customer_id: whenNull('gone_at') }),
  table('payments', 'id', { payment_intent_id: null, charge_id: null }),
  table('credit_lots', 'id', { account_id: whenLeft, payment_id: null, subscription_id: null }),
  table('credit_entries', 'id', { idempotency_key: null }),
  table('grace_periods', 'id', { customer_id: null }),
  table('manual_subscriptions', 'id', { customer_id: null }),
  table('overrides', 'id', { customer_id: whenNull('ended_at') }),
  table('customer_locks', 'id', { customer_id: whenNull('ended_at') }),
  table('disputes', 'id', {
    customer_id: whenNull('closed_at'),
    stripe_customer_id: whenNull('closed_at'),
    payment_id: null,
    charge_id: null,
    payment_intent_id: null,
  }),
  table('early_fraud_warnings', 'id', { stripe_customer_id: whenAmong('is_actionable', [1]) }),
  table('payment_asks', 'payment_id', { stripe_customer_id: null }),
  table('stripe_effects', 'id', {
    target_id: null,
    object_id: null,
    stripe_customer_id: whenNull('ended_at', false),
  }),
  table('findings', 'id', { 'kind+subject': null }),
  table('bulk_refreshes', 'id', {}),
  table('bulk_reads', 'bulk_id+object_id', { 'bulk_id+stripe_customer_id': whenNull('body', false) }),
  table(
    'stripe_events',
    'id',
    { stripe_customer_id: whenAmong('status', ['received', 'failed', 'waiting']) },
    // Their payloads were read before Stripe was asked.
    { read: ['id', 'stripe_customer_id', 'status', 'attempts', 'next_attempt_at'] },
  ),
]);

/** The doors by their names, such as `payments:charge_id`. */
export const doorsByName: ReadonlyMap<string, Door> = new Map(
  [...shapes.values()].flatMap(({ doors }) => doors).map((door) => [door.name, door]),
);

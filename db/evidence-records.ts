import type { Knex } from 'knex';
import type { Sql } from './connection.ts';

/** Whose rows are preserved. */
export type EvidenceOwner = { customerId: string; stripeCustomerIds: readonly string[] };

type Source = {
  table: string;
  /** A unique order; of what may be much, one that an index has. */
  order: readonly string[];
  /** Which of its rows are this customer's. */
  of(sql: Sql, owner: EvidenceOwner): [column: string, values: readonly string[] | ReturnType<Sql>];
};

const customers = (_sql: Sql, { customerId }: EvidenceOwner): [string, readonly string[]] => [
  'customer_id',
  [customerId],
];
const stripeCustomers = (_sql: Sql, owner: EvidenceOwner): [string, readonly string[]] => [
  'stripe_customer_id',
  owner.stripeCustomerIds,
];
const idsIn =
  (table: string, column: string) =>
  (sql: Sql, { customerId }: EvidenceOwner) =>
    sql(table).where({ customer_id: customerId }).select(column);
const accounts = idsIn('credit_accounts', 'id');

/** Every table that says something of a customer, as it stands. */
const sources: readonly Source[] = [
  { table: 'customers', order: ['id'], of: (_sql, owner) => ['id', [owner.customerId]] },
  { table: 'customer_links', order: ['stripe_customer_id'], of: customers },
  { table: 'product_customers', order: ['product_id'], of: customers },
  // The raw payloads as Stripe signed them.
  { table: 'stripe_events', order: ['id'], of: stripeCustomers },
  { table: 'subscriptions', order: ['id'], of: stripeCustomers },
  { table: 'manual_subscriptions', order: ['id'], of: customers },
  { table: 'payments', order: ['id'], of: customers },
  { table: 'disputes', order: ['id'], of: stripeCustomers },
  {
    table: 'dispute_steps',
    order: ['dispute_id', 'seq'],
    of: (sql, owner) => ['dispute_id', idsIn('disputes', 'id')(sql, owner)],
  },
  { table: 'early_fraud_warnings', order: ['id'], of: stripeCustomers },
  { table: 'entitlements', order: ['customer_id'], of: customers },
  { table: 'entitlement_changes', order: ['version'], of: customers },
  { table: 'overrides', order: ['id'], of: customers },
  { table: 'grace_periods', order: ['id'], of: customers },
  { table: 'customer_locks', order: ['id'], of: customers },
  { table: 'credit_accounts', order: ['id'], of: customers },
  { table: 'credit_lots', order: ['id'], of: (sql, owner) => ['account_id', accounts(sql, owner)] },
  {
    table: 'credit_entries',
    order: ['account_id', 'seq'],
    of: (sql, owner) => ['account_id', accounts(sql, owner)],
  },
  {
    table: 'credit_allocations',
    order: ['entry_id', 'lot_id'],
    of: (sql, owner) => [
      'entry_id',
      sql('credit_entries').whereIn('account_id', accounts(sql, owner)).select('id'),
    ],
  },
  { table: 'credit_holds', order: ['id'], of: (sql, owner) => ['account_id', accounts(sql, owner)] },
  // With the ids of the product's own requests.
  { table: 'ai_usage', order: ['at', 'usage_id'], of: customers },
  { table: 'reports', order: ['at', 'report_id'], of: customers },
  { table: 'audit_events', order: ['at', 'id'], of: customers },
  { table: 'runs', order: ['id'], of: customers },
  { table: 'approvals', order: ['id'], of: customers },
  { table: 'stripe_effects', order: ['id'], of: customers },
  { table: 'findings', order: ['id'], of: customers },
  { table: 'mails', order: ['id'], of: customers },
  { table: 'escalations', order: ['id'], of: customers },
  { table: 'investigations', order: ['id'], of: customers },
  { table: 'reconcile_findings', order: ['id'], of: customers },
  { table: 'batch_rows', order: ['batch_id', 'line'], of: customers },
  { table: 'runbook_runs', order: ['id'], of: customers },
  { table: 'product_reads', order: ['customer_id'], of: customers },
  // What colleagues were shown, and where it stands.
  {
    table: 'outbox',
    order: ['id'],
    of: (sql, owner) => ['correlation_id', ownCorrelationIds(sql, owner)],
  },
];

export const evidenceTables = sources.map(({ table }) => table);

/** Whose rows name the customer whom something under their correlation id was about. */
const naming = [
  'audit_events',
  'entitlement_changes',
  'runs',
  'approvals',
  'stripe_effects',
  'mails',
  'escalations',
];

/** What is told under the correlation id of one of these is of many customers. */
const ofMany = ['batches', 'webhook_replays', 'team_notices'];

/** Under which only this customer had something done: a message under any other tells of somebody else, too. */
function ownCorrelationIds(sql: Sql, { customerId }: EvidenceOwner) {
  const under = (table: string) =>
    sql(`${table} as other`).whereRaw('other.correlation_id = mine.correlation_id').select(sql.raw('1'));
  // First what was told at all: of a product's calls, each with an audit row, nothing is.
  const query = sql('audit_events as mine')
    .where('mine.customer_id', customerId)
    .whereExists(under('outbox'));
  for (const table of naming) query.whereNotExists(under(table).whereNot('other.customer_id', customerId));
  for (const table of ofMany) query.whereNotExists(under(table));
  return query
    .whereNotExists(
      under('reconcile_runs').where((others) =>
        others.whereNull('other.customer_id').orWhereNot('other.customer_id', customerId),
      ),
    )
    .select('mine.correlation_id');
}

/** Rows after this one: an offset would read all of those before it again. */
function whereAfter(query: Knex.QueryBuilder, order: readonly string[], after: Record<string, unknown>) {
  const marks = (mark: string) => order.map(() => mark).join(', ');
  const bindings = [...order, ...order.map((column) => after[column])] as string[];
  query.whereRaw(`(${marks('??')}) > (${marks('?')})`, bindings);
}

/** One page of a table's rows of this customer, as they stand in the database. */
export async function listEvidenceRows(
  sql: Sql,
  table: string,
  owner: EvidenceOwner,
  { after, limit }: { after: Record<string, unknown> | null; limit: number },
): Promise<Record<string, unknown>[]> {
  const source = sources.find((one) => one.table === table);
  if (!source) throw new Error(`${table} is no table of evidence`);
  const [column, values] = source.of(sql, owner);
  const query = sql(table)
    .orderBy([...source.order])
    .limit(limit);
  if (after) whereAfter(query, source.order, after);
  return Array.isArray(values)
    ? query.whereIn(column, [...(values as readonly string[])])
    : query.whereIn(column, values as never);
}

import type { Client } from 'pg';
import type { Database } from './connection.ts';
import type { SqliteConnection, SqliteStatement } from './sqlite-client.ts';
import { withoutValues } from './without-values.ts';

/** One event on its way into the inbox. `marksDirty` is the priority with which its customer must be looked at again. */
export type IncomingEvent = {
  id: string;
  mode: string;
  account: string | null;
  apiVersion: string | null;
  type: string;
  objectId: string | null;
  stripeCustomerId: string | null;
  createdAt: number;
  receivedAt: number;
  source: 'webhook' | 'replay' | 'poll';
  secretSlot: number | null;
  signatureHeader: string | null;
  payload: string;
  payloadSha256: string;
  status: 'received' | 'ignored' | 'quarantined';
  causedBy: string | null;
  correlationId: string;
  dirtyPriority: number;
};

/**
 * Stores a batch of events and marks their customers dirty, in one transaction: when it returns, they are durable.
 * This is the hot path of the webhook, so it runs prepared statements below knex on both engines; the connection
 * comes from knex's own pool, so that in one process it waits its turn behind a running transaction instead of
 * blocking the event loop on its lock. An event that comes again counts up; one that had failed is taken up again.
 */
export async function storeEvents(database: Database, batch: readonly IncomingEvent[]): Promise<void> {
  const connection = await database.knex.client.acquireConnection();
  try {
    if (database.engine === 'sqlite') storeInSqlite(connection, batch);
    else await storeInPostgres(connection, batch);
  } finally {
    await database.knex.client.releaseConnection(connection);
  }
}

const columns =
  'id, mode, account, api_version, type, object_id, stripe_customer_id, created_at, received_at, source, secret_slot, signature_header, payload, payload_sha256, status, next_attempt_at, caused_by, correlation_id';

const onConflict = `
  on conflict (id) do update set
    delivery_count = stripe_events.delivery_count + 1,
    status = case when stripe_events.status in ('failed', 'dead') then 'received' else stripe_events.status end,
    next_attempt_at = case when stripe_events.status in ('failed', 'dead') then excluded.next_attempt_at else stripe_events.next_attempt_at end
  returning status, stripe_customer_id as customer`;

/**
 * A customer's turn is when they were first heard of: nobody waits behind who came later, and a look asked for now does
 * not wait for the back-off of the last one. Turns that grow are also several times cheaper to index than equal ones,
 * which the customer's random id would scatter over the whole index.
 */
const keptTurn = (least: 'min' | 'least') => `case
      when customer_sync.dirty_seq > customer_sync.synced_seq
        then ${least}(customer_sync.next_attempt_at, excluded.next_attempt_at)
      else excluded.next_attempt_at end`;

const markDirty = `
  insert into customer_sync (stripe_customer_id, dirty_seq, synced_seq, lease_until, next_attempt_at, attempts, priority)
  values (?, ?, 0, 0, ?, 0, ?)
  on conflict (stripe_customer_id) do update set
    dirty_seq = customer_sync.dirty_seq + excluded.dirty_seq,
    next_attempt_at = ${keptTurn('min')},
    priority = min(customer_sync.priority, excluded.priority)`;

type Statements = { insert: SqliteStatement; again: SqliteStatement; dirty: SqliteStatement };
const prepared = new WeakMap<SqliteConnection, Statements>();

function storeInSqlite(connection: SqliteConnection, batch: readonly IncomingEvent[]): void {
  const { insert, again, dirty } = statementsOf(connection);
  connection.exec('begin immediate');
  try {
    const marks = new Map<string, { times: number; at: number; priority: number }>();
    for (const event of batch) {
      const values = valuesOf(event);
      // The stored customer: one that was found out later is not in the payload.
      const { status, customer } =
        insert.run(values).changes === 1
          ? { status: event.status, customer: event.stripeCustomerId }
          : (again.get(values) as { status: string; customer: string | null });
      if (status !== 'received' || !customer) continue;
      const mark = marks.get(customer) ?? {
        times: 0,
        at: event.receivedAt,
        priority: event.dirtyPriority,
      };
      mark.times += 1;
      mark.priority = Math.min(mark.priority, event.dirtyPriority);
      marks.set(customer, mark);
    }
    for (const [customer, { times, at, priority }] of marks) dirty.run(customer, times, at, priority);
    connection.exec('commit');
  } catch (error) {
    if (connection.inTransaction) connection.exec('rollback');
    throw error;
  }
}

function statementsOf(connection: SqliteConnection): Statements {
  const known = prepared.get(connection);
  if (known) return known;
  const insert = `insert into stripe_events (${columns}) values (${columns.replace(/\w+/g, '?')})`;
  const made = {
    insert: connection.prepare(`${insert} on conflict (id) do nothing`),
    again: connection.prepare(`${insert} ${onConflict}`),
    dirty: connection.prepare(markDirty),
  };
  prepared.set(connection, made);
  return made;
}

function valuesOf(event: IncomingEvent): unknown[] {
  return [
    event.id,
    event.mode,
    event.account,
    event.apiVersion,
    event.type,
    event.objectId,
    event.stripeCustomerId,
    event.createdAt,
    event.receivedAt,
    event.source,
    event.secretSlot,
    event.signatureHeader,
    event.payload,
    event.payloadSha256,
    event.status,
    event.receivedAt,
    event.causedBy,
    event.correlationId,
  ];
}

const types =
  'text, text, text, text, text, text, text, bigint, bigint, text, integer, text, text, text, text, bigint, text, text'.split(
    ', ',
  );

/**
 * Payloads travel as one text with a control character between them, which no JSON has unescaped: in an array's own
 * notation each of their many quotes would be escaped here and unescaped there.
 */
const BETWEEN = '\u001e';
const payloadPlace = columns.split(', ').indexOf('payload');

function arrayParameter(type: string, place: number): string {
  return place === payloadPlace ? `string_to_array($${place + 1}, chr(30))` : `$${place + 1}::${type}[]`;
}

/**
 * One statement per batch. `incoming` carries how often each event came in this batch, because one statement may not
 * update a row twice; rows are taken in the order of their keys, so that two processes cannot deadlock.
 */
const postgresSql = `
  with incoming (${columns}, times, dirty_priority) as (
    select * from unnest(${[...types, 'integer', 'integer'].map(arrayParameter).join(', ')})
  ), stored as (
    insert into stripe_events (${columns}, delivery_count)
    select ${columns}, times from incoming order by id
    on conflict (id) do update set
      delivery_count = stripe_events.delivery_count + excluded.delivery_count,
      status = case when stripe_events.status in ('failed', 'dead') then 'received' else stripe_events.status end,
      next_attempt_at = case when stripe_events.status in ('failed', 'dead') then excluded.next_attempt_at else stripe_events.next_attempt_at end
    returning id, status, stripe_customer_id
  )
  insert into customer_sync (stripe_customer_id, dirty_seq, synced_seq, lease_until, next_attempt_at, attempts, priority)
  select stored.stripe_customer_id, sum(incoming.times), 0, 0, min(incoming.received_at), 0, min(incoming.dirty_priority)
  from stored join incoming using (id)
  where stored.status = 'received' and stored.stripe_customer_id is not null
  group by stored.stripe_customer_id order by stored.stripe_customer_id
  on conflict (stripe_customer_id) do update set
    dirty_seq = customer_sync.dirty_seq + excluded.dirty_seq,
    next_attempt_at = ${keptTurn('least')},
    priority = least(customer_sync.priority, excluded.priority)`;

async function storeInPostgres(connection: Client, batch: readonly IncomingEvent[]): Promise<void> {
  const times = new Map<string, { event: IncomingEvent; times: number }>();
  for (const event of batch) {
    const known = times.get(event.id);
    if (known) known.times++;
    else times.set(event.id, { event, times: 1 });
  }
  const rows = [...times.values()].map((row) => [...valuesOf(row.event), row.times, row.event.dirtyPriority]);
  const values = [...types, 'integer', 'integer'].map((_type, place) => {
    const column = rows.map((row) => row[place]);
    return place === payloadPlace ? column.join(BETWEEN) : column;
  });
  await connection.query({ name: 'lucy-intake', text: postgresSql, values }).catch((error: unknown) => {
    throw withoutValues(error);
  });
}

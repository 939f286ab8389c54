import type { Database } from './connection.ts';
import { prepared } from './sqlite-client.ts';
import type { StripeEventRow } from './stripe-events.ts';

/** By name: a prepared statement that answers `*` fails from the moment on that a newer release adds a column. */
const isRead: Record<keyof StripeEventRow, true> = {
  id: true,
  mode: true,
  account: true,
  api_version: true,
  type: true,
  object_id: true,
  stripe_customer_id: true,
  created_at: true,
  received_at: true,
  source: true,
  delivery_count: true,
  secret_slot: true,
  signature_header: true,
  payload: true,
  payload_sha256: true,
  status: true,
  attempts: true,
  away_attempts: true,
  dead_count: true,
  failed_at: true,
  next_attempt_at: true,
  error: true,
  outcome: true,
  caused_by: true,
  correlation_id: true,
  processed_at: true,
  pruned_at: true,
};
const columns = Object.keys(isRead).join(', ');

const open = `status in ('received', 'failed', 'waiting')`;

const sqliteSql = `
  select ${columns} from stripe_events where stripe_customer_id = ? and ${open} and next_attempt_at <= ?
  order by received_at, id limit ?`;

const postgresSql = `
  select e.* from unnest($1::text[]) as c(id) cross join lateral (
    select ${columns} from stripe_events where stripe_customer_id = c.id and ${open} and next_attempt_at <= $2
    order by received_at, id limit $3) as e
  order by e.received_at, e.id`;

/** What a pass of each of these customers has to settle, oldest first; which of two of one millisecond, their ids decide. */
export async function listOpenEventsOfMany(
  database: Database,
  stripeCustomerIds: readonly string[],
  now: number,
  limit: number,
): Promise<Map<string, StripeEventRow[]>> {
  const { client } = database.knex;
  const connection = await client.acquireConnection();
  try {
    const rows: StripeEventRow[] =
      database.engine === 'sqlite'
        ? stripeCustomerIds.flatMap((id) => prepared(connection, sqliteSql).all(id, now, limit))
        : (
            await connection.query({
              name: 'lucy-open-events',
              text: postgresSql,
              values: [stripeCustomerIds, now, limit],
            })
          ).rows;
    return groupByCustomer(stripeCustomerIds, rows);
  } finally {
    await client.releaseConnection(connection);
  }
}

function groupByCustomer(
  ids: readonly string[],
  rows: readonly StripeEventRow[],
): Map<string, StripeEventRow[]> {
  const groups = new Map<string, StripeEventRow[]>(ids.map((id) => [id, []]));
  for (const row of rows) groups.get(row.stripe_customer_id ?? '')?.push(row);
  return groups;
}

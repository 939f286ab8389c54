import type { Database } from './connection.ts';
import { prepared } from './sqlite-client.ts';
import type { StripeEventRow } from './stripe-events.ts';

const open = `status in ('received', 'failed', 'waiting')`;

const sqliteSql = `
  select * from stripe_events where stripe_customer_id = ? and ${open} and next_attempt_at <= ?
  order by received_at limit ?`;

const postgresSql = `
  select e.* from unnest($1::text[]) as c(id) cross join lateral (
    select * from stripe_events where stripe_customer_id = c.id and ${open} and next_attempt_at <= $2
    order by received_at limit $3) as e
  order by e.received_at`;

/** What a pass of each of these customers has to settle, oldest first; as `listOpenEvents` for one. */
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

import type { Client } from 'pg';
import type { Database } from './connection.ts';
import type { ReconcileShardRow } from './reconcile-shards.ts';
import { prepared, type SqliteConnection } from './sqlite-client.ts';
import { repeatably } from './transaction.ts';
import { withoutValues } from './without-values.ts';

/** How far a piece is read, and by whose lease. */
export type Place = {
  shard: Pick<ReconcileShardRow, (typeof columns)[number] | 'id' | 'run_id' | 'lease_token'>;
  now: number;
  leaseUntil: number;
};

const columns = [
  'cursor',
  'cursor_at',
  'cursor_known',
  'before_at',
  'pages',
  'full_pages',
  'seen',
  'state',
] as const;

const isWaitingOrStale = (now: string) =>
  `state in ('running', 'waiting') and (state = 'waiting' or progress_at < ${now} - 1000)`;

const sqlite = {
  move: `update reconcile_shards set ${columns.map((name) => `${name} = ?`).join(', ')},
      attempts = 0, error = null, lease_until = ?
    where id = ? and lease_token = ? and state = 'open'`,
  touch: `update reconcile_runs set progress_at = ?, state = 'running', error = null
    where id = ? and ${isWaitingOrStale('?')}`,
};

/**
 * Moves pieces on behind a page of which nothing but the place is to be kept; false where the lease was lost, and then the
 * page counts for nothing. One commit for all of them, durable when it returns; below knex on both engines, because this is
 * done for every page. Doing it again comes to the same, so it may be repeated even when nobody knows whether it stands.
 */
export async function keepPlaces(database: Database, places: readonly Place[]): Promise<boolean[]> {
  return repeatably(async () => {
    const { client } = database.knex;
    const connection = await client.acquireConnection();
    try {
      return database.engine === 'sqlite'
        ? keepInSqlite(connection, places)
        : await keepInPostgres(connection, places);
    } catch (error) {
      throw withoutValues(error);
    } finally {
      await client.releaseConnection(connection);
    }
  });
}

function keepInSqlite(connection: SqliteConnection, places: readonly Place[]): boolean[] {
  prepared(connection, 'begin immediate').run();
  try {
    const kept = places.map(({ shard, now, leaseUntil }) => {
      const values = columns.map((name) => shard[name]);
      const moved = prepared(connection, sqlite.move).run(...values, leaseUntil, shard.id, shard.lease_token);
      if (moved.changes !== 1) return false;
      prepared(connection, sqlite.touch).run(now, shard.run_id, now);
      return true;
    });
    prepared(connection, 'commit').run();
    return kept;
  } catch (error) {
    if (connection.inTransaction) connection.exec('rollback');
    throw error;
  }
}

const types = ['text', 'bigint', 'integer', 'bigint', 'integer', 'integer', 'bigint', 'text'];

const postgresSql = `
  with n as (
    select * from unnest(${types.map((type, index) => `$${index + 1}::${type}[]`).join(', ')}, $9::bigint[], $10::text[], $11::text[])
      as n(${columns.join(', ')}, lease_until, id, lease_token)
  ), moved as (
    update reconcile_shards s set ${columns.map((name) => `${name} = n.${name}`).join(', ')},
      attempts = 0, error = null, lease_until = n.lease_until
    from n where s.id = n.id and s.lease_token = n.lease_token and s.state = 'open' returning s.id, s.run_id
  ), touched as (
    update reconcile_runs set progress_at = $12::bigint, state = 'running', error = null
    where id in (select run_id from moved) and ${isWaitingOrStale('$12::bigint')}
  )
  select id from moved`;

async function keepInPostgres(connection: Client, places: readonly Place[]): Promise<boolean[]> {
  const shards = places.map(({ shard }) => shard);
  const { rows } = await connection.query<{ id: string }>({
    name: 'lucy-reconcile-places',
    text: postgresSql,
    values: [
      ...columns.map((name) => shards.map((shard) => shard[name])),
      places.map(({ leaseUntil }) => leaseUntil),
      shards.map(({ id }) => id),
      shards.map((shard) => shard.lease_token),
      Math.max(...places.map(({ now }) => now)),
    ],
  });
  const moved = new Set(rows.map(({ id }) => id));
  return shards.map(({ id }) => moved.has(id));
}

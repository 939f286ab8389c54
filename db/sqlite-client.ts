import { createRequire } from 'node:module';
import type Sqlite from 'better-sqlite3';
import type { Knex } from 'knex';

/** What the hot paths below knex work on. */
export type SqliteConnection = Sqlite.Database;
export type SqliteStatement = Sqlite.Statement;

type SqliteQuery = { sql: string; bindings?: unknown[]; response?: unknown; context?: unknown };

const require = createRequire(import.meta.url);

/** knex's own better-sqlite3 client; its class has no types of its own beyond `Knex.Client`. */
const BetterSqlite3Client: typeof Knex.Client = require('knex/lib/dialects/better-sqlite3/index.js');

const STATEMENTS_MAX = 500;

/**
 * knex's better-sqlite3 client with two changes.
 *
 * `BEGIN IMMEDIATE`: knex begins SQLite transactions deferred, so a read-then-write transaction fails at once with
 * SQLITE_BUSY_SNAPSHOT when another process wrote in between, whatever the busy timeout. IMMEDIATE takes the write
 * lock first, which also is what `forUpdate()` is on Postgres.
 *
 * Statements are prepared once per connection instead of at every call.
 */
export class SqliteImmediateClient extends BetterSqlite3Client {
  declare _formatBindings: (bindings: unknown[] | undefined) => unknown[];

  async _query(connection: Sqlite.Database, query: SqliteQuery): Promise<SqliteQuery> {
    const sql = query.sql === 'BEGIN;' ? 'BEGIN IMMEDIATE;' : query.sql;
    const statement = prepared(connection, sql);
    const bindings = this._formatBindings(query.bindings);
    if (statement.reader) {
      query.response = statement.all(...bindings);
    } else {
      const { changes, lastInsertRowid } = statement.run(...bindings);
      query.response = { changes, lastInsertRowid };
      query.context = { lastID: lastInsertRowid, changes };
    }
    return query;
  }
}

/** By connection, not by client: knex makes a client object of its own for every transaction. */
const statements = new WeakMap<Sqlite.Database, Map<string, Sqlite.Statement>>();

/** The statement of this text on this connection; the hot paths below knex share the cache. */
export function prepared(connection: Sqlite.Database, sql: string): Sqlite.Statement {
  let cache = statements.get(connection);
  if (!cache) {
    cache = new Map();
    statements.set(connection, cache);
  }
  const known = cache.get(sql);
  if (known) return known;
  const statement = connection.prepare(sql);
  if (cache.size >= STATEMENTS_MAX) cache.clear();
  cache.set(sql, statement);
  return statement;
}

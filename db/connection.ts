import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Knex } from 'knex';
import { letAnswersGoFirst } from './connection-line.ts';
import { makeFolder } from './make-folder.ts';

/** Engines are loaded when one is opened: every command knows this file, and `lucy help` opens none. */
const require = createRequire(import.meta.url);
const loadKnex = (): typeof import('knex') => require('knex');

/** What every db function takes: the database itself, or a transaction on it. */
export type Sql = Knex | Knex.Transaction;

export type Engine = 'sqlite' | 'postgres';

export type Database = { knex: Knex; engine: Engine; close(): Promise<void> };

/**
 * Opens the database that `DATABASE_URL` names. One semantics on both engines: times are integer milliseconds,
 * counts and money are integers, JSON is text, and there are no booleans (a nullable time says when, too).
 *
 * @param busyTimeoutMs how long SQLite itself may block the event loop on another process's lock. Short in the
 *   service, whose Slack acknowledgements share the loop and which retries anyway; long in the terminal.
 * @param checkpointThread for the service on SQLite: db/checkpoint-thread.ts keeps the write-ahead log short
 */
export function openDatabase(
  url: string,
  options: { busyTimeoutMs?: number; poolMax?: number; checkpointThread?: boolean } = {},
): Database {
  const engine: Engine = url.startsWith('sqlite:') ? 'sqlite' : 'postgres';
  const db =
    engine === 'sqlite'
      ? openSqlite(url.slice('sqlite:'.length), options.busyTimeoutMs ?? 300, walPages(options))
      : openPostgres(url, options.poolMax ?? 10);
  letAnswersGoFirst(db.client.pool);
  const isFile = engine === 'sqlite' && !url.endsWith(':memory:');
  if (!isFile || !options.checkpointThread) return { knex: db, engine, close: () => db.destroy() };
  const stopCheckpoints = startCheckpoints(resolve(url.slice('sqlite:'.length)));
  return {
    knex: db,
    engine,
    close: async () => {
      await stopCheckpoints();
      await db.destroy();
    },
  };
}

/** Its own thread ending, for whatever reason, ends nothing else: the main thread then moves the log itself again. */
function startCheckpoints(path: string): () => Promise<unknown> {
  const thread = new Worker(new URL('./checkpoint-thread.ts', import.meta.url), { workerData: { path } });
  thread.on('error', () => {});
  thread.unref();
  return () => thread.terminate();
}

/** Whose disk the database fills: its own folder's, or, where it is elsewhere, that of the working directory. */
export function folderOf(url: string): string {
  return url.startsWith('sqlite:') ? dirname(resolve(url.slice('sqlite:'.length))) : process.cwd();
}

export function engineOf(sql: Sql): Engine {
  return sql.client.dialect === 'sqlite3' ? 'sqlite' : 'postgres';
}

/**
 * After how many pages of the log a commit itself moves them, which a webhook would wait for. Moved less often, a page that
 * many commits change is moved once: the index of a webhook is such a page. Beside the thread it is the last resort: 64 MB.
 */
function walPages({ checkpointThread }: { checkpointThread?: boolean }): number {
  return checkpointThread ? 16_000 : 4_000;
}

function openSqlite(path: string, busyTimeoutMs: number, walPagesMax: number): Knex {
  const filename = path === ':memory:' ? path : resolve(path);
  if (path !== ':memory:') makeFolder(dirname(filename));
  const { SqliteImmediateClient }: typeof import('./sqlite-client.ts') = require('./sqlite-client.ts');
  return loadKnex().knex({
    client: SqliteImmediateClient,
    connection: { filename },
    useNullAsDefault: true,
    compileSqlOnError: false,
    log: silent,
    acquireConnectionTimeout: 10_000,
    pool: {
      min: 1,
      max: 1,
      afterCreate(
        connection: SqliteConnection,
        done: (error: Error | null, connection: SqliteConnection) => void,
      ) {
        connection.pragma('journal_mode = WAL');
        // better-sqlite3 is compiled so that WAL silently means NORMAL; a 200 to Stripe must survive a power cut.
        connection.pragma('synchronous = FULL');
        connection.pragma('foreign_keys = ON');
        // Without it INSERT OR REPLACE deletes rows past the triggers that keep history append-only.
        connection.pragma('recursive_triggers = ON');
        connection.pragma(`wal_autocheckpoint = ${walPagesMax}`);
        connection.pragma(`busy_timeout = ${busyTimeoutMs}`);
        const isDurable = connection.pragma('synchronous', { simple: true }) === 2;
        done(isDurable ? null : new Error('SQLite refused synchronous=FULL'), connection);
      },
    },
  });
}

// `compileSqlOnError: false`: knex would write every bound value into the message of a failed statement, and so into
// logs, terminals and Slack.

/** knex would print on stdout, in the midst of JSON; whatever it has to say is thrown as well. */
const silent = { warn() {}, error() {}, deprecate() {}, debug() {} };

type SqliteConnection = { pragma(source: string, options?: { simple: boolean }): unknown };

function openPostgres(url: string, max: number): Knex {
  const { PostgresClient }: typeof import('./postgres-client.ts') = require('./postgres-client.ts');
  return loadKnex().knex({
    client: PostgresClient,
    connection: { connectionString: url, types: { getTypeParser: integersAsNumbers(require('pg').types) } },
    compileSqlOnError: false,
    log: silent,
    acquireConnectionTimeout: 10_000,
    pool: { min: 0, max },
  });
}

/** Postgres sends bigint and numeric as text; Lucy's integers are times and counts far below 2^53. */
function integersAsNumbers({ builtins, getTypeParser }: typeof import('pg').types) {
  return (oid: number, format?: string): ((value: string) => unknown) => {
    const isInteger = oid === builtins.INT8 || oid === builtins.NUMERIC;
    return isInteger ? Number : getTypeParser(oid, format === 'binary' ? 'binary' : 'text');
  };
}

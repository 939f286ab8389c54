import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import knex from 'knex';
import type { CopyColumn, CopyValue } from './copy-lines.ts';
import { SqliteImmediateClient } from './sqlite-client.ts';

/** One moment of a SQLite database, read row by row; nothing is ever written to it. */
export type CopySource = {
  /** Of the file and its log, for an estimate. */
  bytes: number;
  migrations(): string[];
  /** All but knex's own. */
  tables(): string[];
  /** By name. */
  columns(table: string): CopyColumn[];
  count(table: string): number;
  /** Each row's `rowid`, and its values in the order of the columns; one row at a time in memory. */
  rows(table: string, columns: readonly string[]): Iterable<[rowid: bigint, ...CopyValue[]]>;
  /** The bytes of a text as they are stored, whether they are text or not. */
  bytesOf(table: string, rowid: bigint, column: string): Uint8Array;
  close(): Promise<void>;
};

export class SourceMissingError extends Error {}

/** Somebody else has the file open. */
export class SourceInUseError extends Error {}

type Statement = {
  all(...values: unknown[]): Record<string, unknown>[];
  pluck(): { get(...values: unknown[]): unknown; all(...values: unknown[]): unknown[] };
  safeIntegers(): { raw(): { iterate(): Iterable<[bigint, ...CopyValue[]]> } };
};

type Connection = { exec(sql: string): void; pragma(sql: string): unknown; prepare(sql: string): Statement };

/**
 * @param isAlone takes the file for itself, so that nobody writes what would not be copied: every open connection of
 *   another process is in the way, also an idle one, and no other can be opened before this one is closed
 *   (sqlite.org/pragma.html, locking_mode). Otherwise it reads one moment while others write on.
 * @throws SourceMissingError, SourceInUseError
 */
export async function openCopySource(path: string, isAlone: boolean): Promise<CopySource> {
  const filename = resolve(path);
  // Opening would make it.
  if (!existsSync(filename)) throw new SourceMissingError(filename);
  const db = knex({
    client: SqliteImmediateClient,
    connection: { filename },
    useNullAsDefault: true,
    pool: { min: 0, max: 1 },
  });
  const connection: Connection = await db.client.acquireConnection();
  const close = async () => {
    await db.client.releaseConnection(connection);
    await db.destroy();
  };
  try {
    connection.pragma(`busy_timeout = ${isAlone ? 0 : 5_000}`);
    if (isAlone) connection.pragma('locking_mode = EXCLUSIVE');
    connection.exec(isAlone ? 'begin exclusive' : 'begin');
    // A deferred transaction sees the moment of its first read.
    connection.prepare('select count(*) from sqlite_master').all();
  } catch (error) {
    await close();
    if (isBusy(error)) throw new SourceInUseError(filename);
    throw error;
  }
  return { ...readerOf(connection, filename), close };
}

function readerOf(connection: Connection, filename: string): Omit<CopySource, 'close'> {
  const columns = (table: string) =>
    connection
      .prepare('select name, lower(type) as type from pragma_table_info(?) order by name')
      .all(table) as CopyColumn[];
  return {
    bytes: sizeOf(filename) + sizeOf(`${filename}-wal`),
    migrations: () =>
      columns('knex_migrations').length === 0
        ? []
        : (connection.prepare('select name from knex_migrations order by name').pluck().all() as string[]),
    tables: () =>
      connection
        .prepare(
          "select name from sqlite_master where type = 'table' and name not like 'sqlite~_%' escape '~' and name not like 'knex~_%' escape '~' order by name",
        )
        .pluck()
        .all() as string[],
    columns,
    count: (table) => Number(connection.prepare(`select count(*) from "${table}"`).pluck().get()),
    rows: (table, columns) =>
      connection
        .prepare(`select rowid, ${columns.map((column) => `"${column}"`).join(', ')} from "${table}"`)
        .safeIntegers()
        .raw()
        .iterate(),
    bytesOf: (table, rowid, column) =>
      connection
        .prepare(`select cast("${column}" as blob) from "${table}" where rowid = ?`)
        .pluck()
        .get(rowid) as Uint8Array,
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^SQLITE_(BUSY|LOCKED)/.test(String(error.code));
}

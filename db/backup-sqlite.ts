import { openDatabase, type Sql } from './connection.ts';

type Copying = { totalPages: number; remainingPages: number };

type SqliteConnection = {
  exec(source: string): void;
  pragma(source: string): Record<string, unknown>[];
  prepare(source: string): { get(): unknown };
  backup(to: string, options: { progress(copied: Copying): number }): Promise<Copying>;
};

/** Pages a turn: 2 MB, so that the service goes on answering between two turns. */
const PAGES = 500;
/** All of it in one turn. */
const ALL = 0x7fffffff;

/** Where the SQLite file of this database lies. */
export function sqliteFileOf(sql: Sql): string {
  return (sql.client.config.connection as { filename: string }).filename;
}

/**
 * Copies a living database into a new file, as it is at this moment, while everybody goes on writing (sqlite.org/backup.html).
 * A read transaction holds that moment: without it every write of somebody else would begin the copy anew.
 */
export async function copySqlite(
  main: Sql,
  to: string,
  report: (share: number) => void = () => {},
): Promise<void> {
  await withOwnConnection(sqliteFileOf(main), async (connection) => {
    connection.exec('begin');
    connection.prepare('select count(*) from sqlite_master').get();
    try {
      await connection.backup(to, {
        progress({ totalPages, remainingPages }) {
          report(totalPages === 0 ? 1 : 1 - remainingPages / totalPages);
          return PAGES;
        },
      });
    } finally {
      connection.exec('rollback');
    }
  });
  await intoOneFile(to);
}

/**
 * Replaces everything in a living database by what is in the file, in one transaction of SQLite’s own: whoever reads sees
 * the old or the new, a kill in the middle leaves the old, and open connections go on with the new.
 */
export async function overwriteSqlite(from: string, main: Sql): Promise<void> {
  const target = sqliteFileOf(main);
  await withOwnConnection(from, (connection) => connection.backup(target, { progress: () => ALL }));
}

/** What SQLite finds wrong with its own file; empty when nothing. */
export async function findSqliteDamage(sql: Sql, how: 'quick' | 'whole'): Promise<string[]> {
  const check = how === 'quick' ? 'pragma quick_check(5)' : 'pragma integrity_check(5)';
  const rows: Record<string, string>[] = await sql.raw(check);
  const said = rows.flatMap((row) => Object.values(row)).filter((text) => text !== 'ok');
  if (how === 'quick' || said.length > 0) return said;
  const broken: { table: string; parent: string }[] = await sql.raw('pragma foreign_key_check');
  return broken
    .slice(0, 5)
    .map((row) => `a row of ${row.table} names one of ${row.parent} that is not there`);
}

/** Without a journal beside it, so that the one file is the whole database. */
export async function intoOneFile(file: string): Promise<void> {
  await withOwnConnection(file, async (connection) => {
    connection.pragma('journal_mode = DELETE');
  });
}

/** False while another connection has the file open; null when that cannot be told, because it is damaged. */
export async function isSqliteFree(file: string): Promise<boolean | null> {
  try {
    return await withOwnConnection(file, async (connection) => {
      connection.pragma('locking_mode = EXCLUSIVE');
      connection.exec('begin exclusive');
      connection.exec('rollback');
      return true;
    });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED') ? false : null;
  }
}

async function withOwnConnection<T>(
  file: string,
  work: (connection: SqliteConnection) => Promise<T>,
): Promise<T> {
  const own = openDatabase(`sqlite:${file}`, { busyTimeoutMs: 5_000 });
  try {
    const connection: SqliteConnection = await own.knex.client.acquireConnection();
    try {
      return await work(connection);
    } finally {
      await own.knex.client.releaseConnection(connection);
    }
  } finally {
    await own.close();
  }
}

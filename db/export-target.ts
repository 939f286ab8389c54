import { openDatabase } from './connection.ts';
import type { ExportRow } from './export-source.ts';
import { migrate } from './migrate.ts';

/** A new SQLite database that is filled from outside, past the triggers that guard a living one. */
export type Target = {
  insert(table: string, rows: readonly ExportRow[]): void;
  /** Puts the guards back, proves that it holds together, and closes it as one file without a journal. */
  finish(copiedAt: number): Promise<void>;
  abandon(): Promise<void>;
};

type SqliteConnection = {
  exec(source: string): void;
  pragma(source: string): unknown;
  prepare(source: string): { run(...values: unknown[]): unknown; all(...values: unknown[]): ExportRow[] };
};

/** @param path a file that is not there yet */
export async function createTarget(path: string): Promise<Target> {
  const database = openDatabase(`sqlite:${path}`);
  await migrate(database);
  const { client } = database.knex;
  const connection: SqliteConnection = await client.acquireConnection();
  const triggers = connection.prepare("select name, sql from sqlite_master where type = 'trigger'").all();
  connection.pragma('foreign_keys = OFF');
  // What is there passed its checks when it was written; if not, that may be the bug which the copy is made for.
  connection.pragma('ignore_check_constraints = ON');
  // Nobody reads it before it is finished, so it need not survive a power cut.
  connection.pragma('synchronous = OFF');
  for (const { name } of triggers) connection.exec(`drop trigger "${name}"`);
  connection.exec('begin');
  const close = async () => {
    await client.releaseConnection(connection);
    await database.close();
  };
  return {
    insert(table, rows) {
      const [first] = rows;
      if (!first) return;
      const columns = Object.keys(first);
      const names = columns.map((column) => `"${column}"`).join(', ');
      const places = columns.map(() => '?').join(', ');
      const statement = connection.prepare(`insert into "${table}" (${names}) values (${places})`);
      for (const row of rows) statement.run(...columns.map((column) => row[column]));
    },
    async finish(copiedAt) {
      connection.exec('insert into audit_unsealed (audit_id) select id from audit_events');
      connection
        .prepare("insert into installation (name, value, set_at) values ('anonymized_copy', ?, ?)")
        .run(String(copiedAt), copiedAt);
      for (const { sql } of triggers) connection.exec(String(sql));
      connection.exec('commit');
      const [broken] = connection.prepare('pragma foreign_key_check').all();
      if (broken) throw new Error(`A row of ${broken.table} names one of ${broken.parent} that is not there`);
      connection.pragma('journal_mode = DELETE');
      connection.exec('vacuum');
      await close();
    },
    abandon: close,
  };
}

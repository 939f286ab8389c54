import type { Knex } from 'knex';
import { engineOf, openDatabase, type Sql } from './connection.ts';

export type ExportRow = Record<string, unknown>;

/** Narrows a query to the rows that are wanted. */
export type Narrow = (query: Knex.QueryBuilder, sql: Sql) => Knex.QueryBuilder;

/** One moment of a whole database. Nothing that is written meanwhile is seen, and nobody waits for it. */
export type Snapshot = {
  tables(): Promise<string[]>;
  count(table: string, narrow: Narrow): Promise<number>;
  /** Page by page, so that memory stays flat however large the table is. */
  pages(table: string, narrow: Narrow): AsyncIterable<ExportRow[]>;
  close(): Promise<void>;
};

const PAGE = 500;

/** SQLite: a connection of its own, whose read transaction sees the moment of its first read (WAL). Postgres: repeatable read. */
export async function openSnapshot(sql: Sql): Promise<Snapshot> {
  return engineOf(sql) === 'sqlite' ? openOnSqlite(sql) : openOnPostgres(sql);
}

type SqliteConnection = {
  exec(source: string): void;
  prepare(source: string): { iterate(...values: unknown[]): Iterable<ExportRow> };
};

async function openOnSqlite(main: Sql): Promise<Snapshot> {
  const { filename } = main.client.config.connection as { filename: string };
  const own = openDatabase(`sqlite:${filename}`);
  const connection: SqliteConnection = await own.knex.client.acquireConnection();
  connection.exec('begin');
  const read = (query: Knex.QueryBuilder): Iterable<ExportRow> => {
    const { sql, bindings } = query.toSQL().toNative();
    return connection.prepare(sql).iterate(...bindings);
  };
  const from = (table: string, narrow: Narrow) => narrow(own.knex(table), own.knex);
  return {
    async tables() {
      const names = own.knex('sqlite_master').where({ type: 'table' }).whereNot('name', 'like', 'sqlite_%');
      return [...read(names.select('name'))].map((row) => String(row.name));
    },
    async count(table, narrow) {
      const [row] = [...read(from(table, narrow).count({ rows: '*' }))];
      return Number(row?.rows ?? 0);
    },
    async *pages(table, narrow) {
      let page: ExportRow[] = [];
      for (const row of read(from(table, narrow).select(`${table}.*`))) {
        if (page.push(row) < PAGE) continue;
        yield page;
        page = [];
      }
      if (page.length > 0) yield page;
    },
    async close() {
      connection.exec('rollback');
      await own.knex.client.releaseConnection(connection);
      await own.close();
    },
  };
}

async function openOnPostgres(main: Sql): Promise<Snapshot> {
  const trx = await main.transaction({ isolationLevel: 'repeatable read', readOnly: true });
  const from = (table: string, narrow: Narrow) => narrow(trx(table), trx);
  return {
    async tables() {
      const rows = await trx('information_schema.tables')
        .whereRaw('table_schema = current_schema()')
        .where({ table_type: 'BASE TABLE' })
        .select('table_name');
      return rows.map((row) => row.table_name);
    },
    async count(table, narrow) {
      const [row] = await from(table, narrow).count({ rows: '*' });
      return Number((row as ExportRow).rows);
    },
    async *pages(table, narrow) {
      const { sql, bindings } = from(table, narrow).select(`${table}.*`).toSQL();
      await trx.raw('declare exported no scroll cursor for '.concat(sql), bindings as string[]);
      for (;;) {
        const { rows } = await trx.raw('fetch 500 from exported');
        if (rows.length === 0) break;
        yield rows;
      }
      await trx.raw('close exported');
    },
    async close() {
      await trx.rollback().catch(() => {});
    },
  };
}

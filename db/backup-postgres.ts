import { type Database, openDatabase, type Sql } from './connection.ts';

/** How a tool of Postgres reaches a database: an address without any secret, and the password apart. */
export type PostgresPlace = { url: string; password: string };

export function postgresPlace(sql: Sql, databaseName?: string): PostgresPlace {
  const url = new URL((sql.client.config.connection as { connectionString: string }).connectionString);
  // The driver takes the one among the parameters first, too.
  const password = url.searchParams.get('password') ?? decodeURIComponent(url.password);
  url.password = '';
  url.searchParams.delete('password');
  // The driver knows no such parameter, so a key that Lucy connects with needs none.
  url.searchParams.delete('sslpassword');
  if (databaseName !== undefined) url.pathname = `/${databaseName}`;
  return { url: url.toString(), password };
}

/** 15 for 15.14. */
export async function postgresMajor(sql: Sql): Promise<number> {
  const { rows } = await sql.raw('show server_version_num');
  return Math.floor(Number(rows[0].server_version_num) / 10_000);
}

/** An empty database of this name beside the living one; one that was left behind is dropped first. */
export async function createScratch(sql: Sql, name: string): Promise<void> {
  await dropScratch(sql, name);
  await sql.raw('create database ?? template template0', [name]);
}

export async function dropScratch(sql: Sql, name: string): Promise<void> {
  await sql.raw('drop database if exists ?? with (force)', [name]);
}

/** Opens it; another database on the same server. */
export function openScratch(sql: Sql, name: string): Database {
  const url = new URL((sql.client.config.connection as { connectionString: string }).connectionString);
  url.pathname = `/${name}`;
  return openDatabase(url.toString(), { poolMax: 2 });
}

/** Sessions of others on this database. */
export async function countOtherSessions(sql: Sql): Promise<number> {
  const { rows } = await sql.raw(
    "select count(*) as total from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'",
  );
  return Number(rows[0].total);
}

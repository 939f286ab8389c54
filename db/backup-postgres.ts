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

/**
 * An empty database of this name beside the living one; one that was left behind is dropped first. It bears whose it is
 * and since when, because nothing else says so once whoever made it is dead.
 */
export async function createScratch(sql: Sql, name: string): Promise<void> {
  await dropScratch(sql, name);
  await sql.raw('create database ?? template template0', [name]);
  // A comment takes no bindings, so the server writes the statement; in the name are letters, digits and _ only.
  const { rows } = await sql.raw(
    `select format('comment on database %I is %L', ?::text,
      format('lucy scratch of %s since %s', oid, (extract(epoch from now()) * 1000)::bigint)) as mark
      from pg_database where datname = current_database()`,
    [name],
  );
  await sql.raw(rows[0].mark);
}

/**
 * Databases that were made beside this one so long ago, by the server's own clock, and that nobody is connected to.
 * Those of another Lucy on the same server are hers.
 */
export async function listOldScratch(sql: Sql, ageMs: number): Promise<string[]> {
  const { rows } = await sql.raw(
    `select d.datname as name from pg_database d
      cross join lateral regexp_match(shobj_description(d.oid, 'pg_database'), '^lucy scratch of (\\d+) since (\\d+)$') as said
      where d.datname like 'lucy\\_%'
        and said[1]::bigint = (select oid from pg_database where datname = current_database())
        and said[2]::bigint < extract(epoch from now()) * 1000 - ?
        and not exists (select 1 from pg_stat_activity a where a.datid = d.oid)
      order by 1`,
    [ageMs],
  );
  return rows.map(({ name }: { name: string }) => name);
}

/** @throws when somebody is connected to it after all */
export async function dropUnusedScratch(sql: Sql, name: string): Promise<void> {
  await sql.raw('drop database if exists ??', [name]);
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

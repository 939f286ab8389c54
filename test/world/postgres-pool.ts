import knex, { type Knex } from 'knex';
import { databaseUrl } from './postgres-setup.ts';

/**
 * Databases that a test gave back are emptied and lent again, because making one costs ten times as much as emptying
 * it. A test cannot tell the difference: what it changed beside rows (a trigger, a column) makes its database go.
 */

let counter = 0;
let admin: Knex | undefined;
let template: Promise<{ shape: string; rows: [table: string, rows: string][] }> | undefined;

/** What grew beyond this is not worth keeping: emptied rows still take room. */
const KEEP_BYTES = 30_000_000;

export async function lendDatabase(serverUrl: string, templateName: string): Promise<string> {
  const server = adminOf(serverUrl);
  const { rows } = await server.raw(`
    update lucy_pool set is_free = false
    where name = (select name from lucy_pool where is_free limit 1 for update skip locked) returning name`);
  if (rows[0]) return rows[0].name;
  const name = `lucy_t_${process.pid}_${++counter}`;
  await server.raw(`create database ${name} template ${templateName}`);
  await server.raw('insert into lucy_pool (name, is_free) values (?, false)', [name]);
  return name;
}

export async function takeBackDatabase(serverUrl: string, templateName: string, name: string): Promise<void> {
  const server = adminOf(serverUrl);
  const isClean = await empty(serverUrl, templateName, name).catch(() => false);
  if (isClean) {
    await server.raw('update lucy_pool set is_free = true where name = ?', [name]);
    return;
  }
  await server.raw('delete from lucy_pool where name = ?', [name]);
  await server.raw(`drop database if exists ${name} with (force)`);
}

function adminOf(serverUrl: string): Knex {
  admin ??= knex({ client: 'pg', connection: serverUrl, pool: { min: 0, max: 2, idleTimeoutMillis: 500 } });
  return admin;
}

/** False when it is to be thrown away. */
async function empty(serverUrl: string, templateName: string, name: string): Promise<boolean> {
  template ??= describeTemplate(serverUrl, templateName);
  const { shape, rows } = await template;
  const database = knex({
    client: 'pg',
    connection: databaseUrl(serverUrl, name),
    pool: { min: 0, max: 1 },
  });
  try {
    // Processes that a test killed may still have a transaction under way.
    await database.raw(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = ? and pid <> pg_backend_pid()',
      [name],
    );
    const size = await database.raw('select pg_database_size(current_database()) as bytes');
    if (Number(size.rows[0].bytes) > KEEP_BYTES || (await readShape(database)) !== shape) return false;
    await database.transaction(async (sql) => {
      // Past triggers and references: what must never be deleted is deleted here.
      await sql.raw("set local session_replication_role = 'replica'");
      await sql.raw(emptyEveryTable);
      for (const [table, json] of rows)
        await sql.raw('insert into ?? select * from json_populate_recordset(null::??, ?::json)', [
          table,
          table,
          json,
        ]);
    });
    return true;
  } finally {
    await database.destroy();
  }
}

const emptyEveryTable = `
  do $$
  declare name text; has_rows boolean;
  begin
    for name in select tablename from pg_tables where schemaname = 'public' loop
      execute format('select exists (select 1 from %I)', name) into has_rows;
      if has_rows then execute format('delete from %I', name); end if;
    end loop;
    perform setval(format('public.%I', sequencename)::regclass, start_value, false) from pg_sequences
      where schemaname = 'public' and last_value is not null and sequencename not like 'knex_%';
  end $$`;

async function describeTemplate(serverUrl: string, name: string) {
  const database = knex({
    client: 'pg',
    connection: databaseUrl(serverUrl, name),
    pool: { min: 0, max: 1 },
  });
  try {
    const tables = await database.raw("select tablename from pg_tables where schemaname = 'public'");
    const rows: [string, string][] = [];
    for (const { tablename } of tables.rows) {
      const found = await database.raw('select json_agg(t)::text as rows from ?? t', [tablename]);
      if (found.rows[0].rows) rows.push([tablename, found.rows[0].rows]);
    }
    return { shape: await readShape(database), rows };
  } finally {
    await database.destroy();
  }
}

async function readShape(database: Knex): Promise<string> {
  const { rows } = await database.raw(`
    select md5(string_agg(part, ',' order by part)) as shape from (
      select 't' || tgrelid || tgname || tgenabled::text as part from pg_trigger where not tgisinternal
      union all
      select 'a' || attrelid || relname || attname || atttypid || attnotnull::text || attisdropped::text from pg_attribute
        join pg_class on pg_class.oid = attrelid where relnamespace = 'public'::regnamespace and attnum > 0
      union all
      select 'p' || proname || md5(prosrc) from pg_proc where pronamespace = 'public'::regnamespace
      union all
      select 'c' || conrelid || conname from pg_constraint where connamespace = 'public'::regnamespace
    ) as parts`);
  return rows[0].shape;
}

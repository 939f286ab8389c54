import knex, { type Knex } from 'knex';
import pg from 'pg';
import { changedTables, emptyTables, readShape, type Template } from './empty-postgres.ts';
import { databaseUrl } from './postgres-setup.ts';

/**
 * Databases that a test gave back are emptied and lent again, because making one costs ten times as much as emptying
 * it. A test cannot tell the difference: what it changed beside rows (a trigger, a column) makes its database go.
 * Each worker has its own, and keeps a connection to each: a new one would have to read the whole catalog first.
 */

type Kept = { name: string; connection: pg.Client };

const free: Kept[] = [];
const lent = new Map<string, Kept>();
let counter = 0;
let admin: Knex | undefined;
let template: Promise<Template> | undefined;

/** What grew beyond this is not worth keeping: emptied rows still take room. */
const KEEP_BYTES = 15_000_000;

export async function lendDatabase(serverUrl: string, templateName: string): Promise<string> {
  const kept = free.pop() ?? (await makeDatabase(serverUrl, templateName));
  lent.set(kept.name, kept);
  return kept.name;
}

export async function takeBackDatabase(serverUrl: string, templateName: string, name: string): Promise<void> {
  const kept = lent.get(name);
  if (!kept) throw new Error(`${name} was not lent`);
  lent.delete(name);
  template ??= describeTemplate(serverUrl, templateName);
  const isClean = await empty(kept.connection, await template).catch(() => false);
  if (isClean) {
    free.push(kept);
    return;
  }
  await kept.connection.end().catch(() => {});
  await adminOf(serverUrl).raw(`drop database if exists ${name} with (force)`);
}

async function makeDatabase(serverUrl: string, templateName: string): Promise<Kept> {
  const name = `lucy_t_${process.pid}_${++counter}`;
  await adminOf(serverUrl).raw(`create database ${name} template ${templateName} strategy file_copy`);
  return { name, connection: await connect(databaseUrl(serverUrl, name)) };
}

async function connect(url: string): Promise<pg.Client> {
  const connection = new pg.Client({ connectionString: url });
  // A test may cut off whoever is connected: its database goes, then.
  connection.on('error', () => {});
  await connection.connect();
  return connection;
}

function adminOf(serverUrl: string): Knex {
  admin ??= knex({ client: 'pg', connection: serverUrl, pool: { min: 0, max: 2, idleTimeoutMillis: 500 } });
  return admin;
}

/** False when it is to be thrown away. */
async function empty(connection: pg.Client, of: Template): Promise<boolean> {
  // Processes that a test killed may still have a transaction under way.
  await connection.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  if ((await readShape(connection)) !== of.shape) return false;
  const changed = await changedTables(connection, of);
  const bytes = changed.reduce((total, table) => total + table.bytes, 0);
  if (bytes > KEEP_BYTES) return false;
  await emptyTables(connection, of, changed);
  return true;
}

async function describeTemplate(serverUrl: string, name: string): Promise<Template> {
  const connection = await connect(databaseUrl(serverUrl, name));
  try {
    const { rows: tables } = await connection.query(
      "select tablename from pg_tables where schemaname = 'public'",
    );
    const filled = new Map<string, string>();
    for (const { tablename } of tables) {
      const { rows } = await connection.query(`select json_agg(t)::text as rows from "${tablename}" t`);
      if (rows[0].rows) filled.set(tablename, rows[0].rows);
    }
    return { shape: await readShape(connection), tables: tables.map((table) => table.tablename), filled };
  } finally {
    await connection.end();
  }
}

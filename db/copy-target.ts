import type { Knex } from 'knex';
import type { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Database, Sql } from './connection.ts';
import { countOpenGuards } from './copy-checks.ts';
import type { CopyColumn } from './copy-lines.ts';
import { writeInstallation } from './installation.ts';
import { migrate, readUnfinishedCopy } from './migrate.ts';
import { inTransaction } from './transaction.ts';
import { withoutValues } from './without-values.ts';

/** What a Postgres database is before anything is copied into it. */
export type TargetState = {
  database: string;
  version: string;
  encoding: string;
  /** A replica, or one that only reads. */
  isReadOnly: boolean;
  mayCreate: boolean;
  /** Left by a copy that did not finish, or by a rehearsal: its rows do not count. */
  isUnfinished: boolean;
  /** Everything in its schema that holds rows or could, with how many. */
  found: { name: string; rows: number }[];
};

export class CopyUnderWayError extends Error {}

const COPY_LOCK = 7_305_819_202;

/** @throws CopyUnderWayError when somebody else is filling it now */
export async function inspectTarget(sql: Sql): Promise<TargetState> {
  await requireNobodyElse(sql);
  const { rows } = await sql.raw(`
    select current_database() as database, current_setting('server_version') as version,
      current_setting('server_encoding') as encoding, current_schema() is null as homeless,
      (pg_is_in_recovery() or current_setting('default_transaction_read_only')::boolean) as "isReadOnly",
      coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) as "mayCreate"`);
  const isUnfinished = await readUnfinishedCopy(sql);
  return { ...rows[0], isUnfinished, found: isUnfinished ? [] : await listFound(sql) };
}

async function listFound(sql: Sql): Promise<TargetState['found']> {
  const { rows } = await sql.raw(`
    select relname as name from pg_class
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')
      and relname not like 'knex\\_%' order by relname`);
  const found: TargetState['found'] = [];
  for (const { name } of rows as { name: string }[]) {
    const [row] = await sql(name).count({ rows: '*' });
    found.push({ name, rows: Number((row as { rows: number }).rows) });
  }
  return found;
}

/** A look, where nobody waits: another copy holds the tables for as long as it takes. */
async function requireNobodyElse(sql: Sql): Promise<void> {
  const { rows } = await sql.raw('select pg_try_advisory_xact_lock(?) as mine', [COPY_LOCK]);
  if (!rows[0].mine) throw new CopyUnderWayError();
}

/**
 * The schema, and the mark that keeps Lucy from starting on it, or neither.
 *
 * @throws CopyUnderWayError when another copy came first
 */
export async function prepareTarget(database: Database, now: number): Promise<void> {
  await inTransaction(database, async (sql) => {
    const { isUnfinished, found } = await inspectTarget(sql);
    if (!isUnfinished && found.length > 0) throw new CopyUnderWayError();
    await migrate({ ...database, knex: sql }, { isForCopy: true });
    await writeInstallation(sql, 'db_copy', 'unfinished', now);
  });
}

export type CopyTarget = {
  sql: Knex.Transaction;
  /** In the order in which they may be filled: whoever is referred to comes first. */
  tables: { name: string; columns: CopyColumn[] }[];
  /** Takes COPY lines in chunks of any size. */
  writeTo(table: string, columns: readonly CopyColumn[]): NodeJS.WritableStream;
  /** The same lines as they are there now. */
  readFrom(table: string, columns: readonly CopyColumn[]): AsyncIterable<Uint8Array>;
  /** Ends the filling: what refuses certain rows at their writing is on again, and what counts by itself goes on. */
  restoreGuards(): Promise<void>;
};

/**
 * Empties a prepared target and fills it, in one transaction: `work` throwing, a lost connection or a kill leave it as
 * it was, with its mark. Triggers are off until `restoreGuards`, because rows of history come as they ended and not as
 * they began; foreign keys, unique keys and checks hold all the time.
 *
 * @param isKept false undoes it at the end, as a rehearsal
 * @throws CopyUnderWayError
 */
export async function fillTarget<T>(
  database: Database,
  isKept: boolean,
  work: (target: CopyTarget) => Promise<T>,
): Promise<T> {
  const sql = await database.knex.transaction();
  try {
    await requireNobodyElse(sql);
    if (!(await readUnfinishedCopy(sql))) throw new CopyUnderWayError();
    const tables = await listTables(sql);
    const names = tables.map(({ name }) => name);
    for (const name of names) await sql.raw('alter table ?? disable trigger user', [name]);
    await sql.raw('truncate '.concat(names.map(() => '??').join(', ')), names);
    const connection: Client = await sql.client.acquireConnection();
    const result = await work(targetOf(sql, connection, tables));
    await (isKept ? sql.commit() : sql.rollback());
    return result;
  } catch (error) {
    await sql.rollback().catch(() => {});
    throw withoutValues(error);
  }
}

function targetOf(sql: Knex.Transaction, connection: Client, tables: CopyTarget['tables']): CopyTarget {
  const statement = (table: string, columns: readonly CopyColumn[], rest: string) =>
    `copy "${table}" (${columns.map(({ name }) => `"${name}"`).join(', ')}) ${rest}`;
  return {
    sql,
    tables,
    writeTo: (table, columns) => connection.query(copyFrom(statement(table, columns, 'from stdin'))),
    readFrom: (table, columns) => connection.query(copyTo(statement(table, columns, 'to stdout'))),
    async restoreGuards() {
      for (const { name, columns } of tables) await moveSequences(sql, name, columns);
      for (const { name } of tables) await sql.raw('alter table ?? enable trigger user', [name]);
      const open = await countOpenGuards(sql);
      if (open > 0) throw new Error(`${open} of the target’s guards are off`);
    },
  };
}

/** Lucy's ids are made by Lucy; should a column ever count by itself, it goes on behind what was copied. */
async function moveSequences(sql: Sql, table: string, columns: readonly CopyColumn[]): Promise<void> {
  for (const { name, type } of columns) {
    if (type === 'text') continue;
    const { rows } = await sql.raw('select pg_get_serial_sequence(quote_ident(?), ?) as sequence', [
      table,
      name,
    ]);
    if (rows[0].sequence === null) continue;
    await sql.raw('select setval(?, coalesce((select max(??) from ??), 0) + 1, false)', [
      rows[0].sequence,
      name,
      table,
    ]);
  }
}

async function listTables(sql: Sql): Promise<CopyTarget['tables']> {
  const columns: { table: string; name: string; type: CopyColumn['type'] }[] = await sql(
    'information_schema.columns as c',
  )
    .join('information_schema.tables as t', (on) =>
      on.on('t.table_name', 'c.table_name').andOn('t.table_schema', 'c.table_schema'),
    )
    .whereRaw("t.table_schema = current_schema() and t.table_type = 'BASE TABLE'")
    .whereNot('c.table_name', 'like', 'knex\\_%')
    .orderBy('c.table_name')
    .select('c.table_name as table', 'c.column_name as name', 'c.data_type as type');
  const { rows: keys }: { rows: { child: string; parent: string }[] } = await sql.raw(`
    select child.relname as child, parent.relname as parent from pg_constraint
    join pg_class child on child.oid = conrelid join pg_class parent on parent.oid = confrelid
    where contype = 'f' and connamespace = current_schema()::regnamespace and conrelid <> confrelid`);
  const tables = new Map<string, CopyColumn[]>();
  for (const { table, name, type } of columns) {
    if (!['text', 'bigint', 'integer'].includes(type))
      throw new Error(`The column ${table}.${name} is of the type ${type}, which db copy cannot carry over`);
    tables.set(table, [...(tables.get(table) ?? []), { name, type }]);
  }
  return parentsFirst([...tables.keys()], keys).map((name) => ({
    name,
    // By name, as SQLite is asked for them: the order belongs to the checksum.
    columns: (tables.get(name) ?? []).sort((a, b) => (a.name < b.name ? -1 : 1)),
  }));
}

/** @throws when tables refer to each other in a circle, which Lucy's do not */
function parentsFirst(
  names: readonly string[],
  keys: readonly { child: string; parent: string }[],
): string[] {
  const ordered: string[] = [];
  const left = new Set(names);
  while (left.size > 0) {
    const free = [...left].filter((name) => !keys.some((key) => key.child === name && left.has(key.parent)));
    if (free.length === 0)
      throw new Error(`The tables ${[...left].join(', ')} refer to each other in a circle`);
    for (const name of free) left.delete(name);
    ordered.push(...free);
  }
  return ordered;
}

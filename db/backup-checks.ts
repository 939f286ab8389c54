import { engineOf, type Sql } from './connection.ts';

/** What a backup holds, as its own restored copy says. */
export type BackupFacts = {
  /** The last migration that had been applied. */
  schema: string;
  /** The last row of the audit, and how far it was sealed. */
  auditId: string | null;
  auditSeq: number;
  rows: Record<string, number>;
};

export async function readBackupFacts(sql: Sql): Promise<BackupFacts> {
  const rows: Record<string, number> = {};
  for (const table of await listTables(sql)) {
    const counted = await sql(table).count({ total: '*' }).first();
    rows[table] = Number(counted?.total ?? 0);
  }
  const audit = await sql('audit_events').max({ last: 'id' }).first();
  const seal = await sql('audit_seals').max({ last: 'seq' }).first();
  return {
    schema: await readSchema(sql),
    auditId: audit?.last ?? null,
    auditSeq: Number(seal?.last ?? 0),
    rows,
  };
}

export async function readSchema(sql: Sql): Promise<string> {
  const row: { name: string } | undefined = await sql('knex_migrations').orderBy('id', 'desc').first('name');
  return row?.name ?? '';
}

export async function countNegativeBalances(sql: Sql): Promise<number> {
  const row = await sql('credit_accounts').where('balance', '<', 0).count({ total: '*' }).first();
  return Number(row?.total ?? 0);
}

async function listTables(sql: Sql): Promise<string[]> {
  const tables: string[] =
    engineOf(sql) === 'sqlite'
      ? await sql('sqlite_master').where({ type: 'table' }).whereNot('name', 'like', 'sqlite_%').pluck('name')
      : await sql('information_schema.tables')
          .whereRaw('table_schema = current_schema()')
          .where({ table_type: 'BASE TABLE' })
          .pluck('table_name');
  return tables.sort();
}

import { createHash } from 'node:crypto';
import type { Database } from '#db/connection.ts';

/** A hash of every row of a table, by the table's name. */
export type Fingerprint = ReadonlyMap<string, string>;

/**
 * What a refused request may leave behind, and nothing else: that it was tried (and the row that waits for its seal),
 * that its delivery was taken, what Lucy says of it, and what she learned of Slack while she looked who asks.
 */
export const bookkeeping = [
  'audit_events',
  'audit_unsealed',
  'slack_deliveries',
  'slack_groups',
  'outbox',
] as const;

/** Everything that the database holds, table by table, read from its own schema so that a new table counts too. */
export async function fingerprint(database: Database): Promise<Fingerprint> {
  if (database.engine === 'postgres') return inOneQuery(database, await tablesOf(database));
  const writes = await countWrites(database);
  const last = lastOf.get(database);
  if (last?.writes === writes) return last.hashes;
  const hashes = await tableByTable(database, await tablesOf(database));
  lastOf.set(database, { writes, hashes });
  return hashes;
}

/** What one line left is what the next one finds: read once, as long as SQLite itself counts no write since. */
const lastOf = new WeakMap<Database, { writes: string; hashes: Fingerprint }>();

/** Rows that this connection wrote, commits of all others, and changes of the schema. */
async function countWrites({ knex }: Database): Promise<string> {
  const [row] = await knex.raw(
    'select total_changes() as own, data_version as others, schema_version as tables from pragma_data_version, pragma_schema_version',
  );
  return `${row.own} ${row.others} ${row.tables}`;
}

/** The tables that differ, without the ones that may. */
export function changedTables(
  before: Fingerprint,
  after: Fingerprint,
  mayChange: readonly string[] = bookkeeping,
): string[] {
  return [...after].flatMap(([table, hash]) =>
    before.get(table) === hash || mayChange.includes(table) ? [] : [table],
  );
}

async function tablesOf({ engine, knex }: Database): Promise<string[]> {
  const names: { name: string }[] =
    engine === 'sqlite'
      ? await knex('sqlite_master')
          .select('name')
          .where({ type: 'table' })
          .whereNot('name', 'like', 'sqlite_%')
      : await knex('pg_tables').select({ name: 'tablename' }).where({ schemaname: 'public' });
  if (names.length < 20) throw new Error(`The database has only ${names.length} tables; nothing is compared`);
  return names.map(({ name }) => name).sort();
}

async function tableByTable({ knex }: Database, tables: readonly string[]): Promise<Fingerprint> {
  const hashes = new Map<string, string>(tables.map((table) => [table, 'empty']));
  // Most are empty, and making a statement for each costs more than all the rows.
  const asked = tables.map((table) => `select '${table}' as name where exists (select 1 from "${table}")`);
  const filled: { name: string }[] = await knex.raw(asked.join(' union all '));
  for (const { name: table } of filled) {
    const rows: unknown[] = await knex(table);
    const texts = rows.map((row) => JSON.stringify(row)).sort();
    hashes.set(table, createHash('sha256').update(texts.join('\n')).digest('hex'));
  }
  return hashes;
}

/** A server is asked once, because the way there and back costs more than the rows of a test. */
async function inOneQuery({ knex }: Database, tables: readonly string[]): Promise<Fingerprint> {
  const hash = `md5(coalesce(string_agg(whole::text, E'\\n' order by whole::text), ''))`;
  const parts = tables.map((table) => `select '${table}' as name, ${hash} as hash from "${table}" as whole`);
  const { rows }: { rows: { name: string; hash: string }[] } = await knex.raw(parts.join(' union all '));
  return new Map(rows.map(({ name, hash: value }) => [name, value]));
}

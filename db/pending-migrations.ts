import type { Database } from './connection.ts';
import { listMigrations } from './migrate.ts';

/** What a start would apply to a database that holds something; empty for a new one. */
export async function listPendingMigrations({ knex }: Database): Promise<string[]> {
  if (!(await knex.schema.hasTable('knex_migrations'))) return [];
  const applied: string[] = await knex('knex_migrations').pluck('name');
  if (applied.length === 0) return [];
  return listMigrations().filter((name) => !applied.includes(name));
}

/** Whether nobody ever worked on it, or a newer version of Lucy did. */
export async function isUnknownOrEmpty({ knex }: Database): Promise<boolean> {
  if (!(await knex.schema.hasTable('audit_events'))) return true;
  const applied: string[] = await knex('knex_migrations').pluck('name');
  const known = listMigrations();
  if (applied.some((name) => !known.includes(name))) return true;
  return (await knex('audit_events').first('id')) === undefined;
}

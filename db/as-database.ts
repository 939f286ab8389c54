import type { Knex } from 'knex';
import { type Database, engineOf, type Sql } from './connection.ts';

/** The database behind what a command was given, for work that opens a transaction of its own. */
export function asDatabase(sql: Sql): Database {
  return { knex: sql as Knex, engine: engineOf(sql), close: async () => {} };
}

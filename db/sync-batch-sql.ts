import type { Database, Sql } from './connection.ts';
import { type QuerySource, SyncBatchQuery } from './sync-batch-query.ts';

/** In place of knex, for the functions of db/: a table of it is a query on the rows of a batch. */
export function sqlOf(database: Database, source: QuerySource): { sql: Sql; hasFailed(): boolean } {
  let failed = false;
  const sql = Object.assign((table: string) => new SyncBatchQuery(source, table), {
    client: database.knex.client,
    raw: source.raw,
    // A savepoint: whoever begins one goes on when it fails, and here what it did cannot be told from the rest.
    async transaction(work: (sql: unknown) => Promise<unknown>) {
      try {
        return await work(sql);
      } catch (error) {
        failed = true;
        throw error;
      }
    },
  });
  return { sql: sql as unknown as Sql, hasFailed: () => failed };
}

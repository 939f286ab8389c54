import type { Database, Sql } from './connection.ts';
import { type Asked, readAsked, readThrough } from './sync-batch-asked.ts';
import type { Call } from './sync-batch-asking.ts';
import { onConnection } from './sync-batch-engine.ts';
import { SyncBatchRows } from './sync-batch-rows.ts';
import { sqlOf } from './sync-batch-sql.ts';

type Chain = { [name: string]: (...args: readonly unknown[]) => Chain };

/** A `sql` for reading, that has read some rows ahead and asks the database for whatever else is wanted. */
export function createReadAhead(database: Database): { sql: Sql; readAhead(asked: Asked): Promise<void> } {
  const rows = new SyncBatchRows();
  const { knex } = database;
  const { sql } = sqlOf(database, {
    rows,
    writes: false,
    read: (door, keys) =>
      onConnection(database, (batch) =>
        readThrough(rows, [{ door, keys }], (questions) => batch.read(questions, false)),
      ),
    raw: (text) => knex.raw(text),
    ask: async (table, calls: readonly Call[]) =>
      calls.reduce((query, [name, args]) => query[name]?.(...args) ?? query, knex(table) as unknown as Chain),
  });
  return {
    // What it writes it writes for good.
    sql: Object.assign(sql, { transaction: knex.transaction.bind(knex) }),
    readAhead: (asked) =>
      onConnection(database, (batch) => readAsked(rows, asked, (questions) => batch.read(questions, false))),
  };
}

import { setImmediate } from 'node:timers/promises';
import type { Database } from './connection.ts';
import type { Row } from './sync-batch-conditions.ts';
import type { Question } from './sync-batch-doors.ts';
import { holdInPostgres, readInPostgres, writeInPostgres } from './sync-batch-postgres.ts';
import { readInSqlite, writeInSqlite } from './sync-batch-sqlite.ts';
import type { Changes } from './sync-batch-writes.ts';

type Connection = Parameters<typeof readInSqlite>[0] & Parameters<typeof readInPostgres>[0];

/** What a batch does on a connection of its own. */
export type BatchEngine = {
  run(text: string): Promise<void>;
  /** Holds events before anything else. */
  holdEvents(ids: readonly string[]): Promise<void>;
  /**
   * Answers in the order of the questions.
   *
   * @param holds whether rows that are held are held from here on
   */
  read(questions: readonly Question[], holds: boolean): Promise<Row[][]>;
  write(changes: readonly Changes[]): Promise<void>;
};

/** Takes a connection for as long as this lasts. */
export async function onConnection<T>(
  { knex, engine }: Database,
  work: (batch: BatchEngine) => Promise<T>,
): Promise<T> {
  const connection: Connection = await knex.client.acquireConnection();
  try {
    return await work(engine === 'sqlite' ? sqliteEngine(connection) : postgresEngine(connection));
  } finally {
    await knex.client.releaseConnection(connection);
  }
}

/** So many rows are read or written on SQLite, which answers within the turn, before others have the event loop. */
const ROWS_PER_TURN = 100;

function sqliteEngine(connection: Connection): BatchEngine {
  let rows = 0;
  /** Others have the event loop, though not this connection. */
  const rest = async (count: number) => {
    rows += count;
    if (rows < ROWS_PER_TURN) return;
    rows = 0;
    await setImmediate();
  };
  return {
    async run(text) {
      if (text !== 'rollback' || connection.inTransaction) connection.exec(text);
    },
    async holdEvents() {
      // The transaction holds the whole file.
    },
    async read(questions) {
      const answers: Row[][] = [];
      for (const { door, keys } of questions) {
        answers.push(readInSqlite(connection, door, keys));
        await rest(keys.length);
      }
      return answers;
    },
    async write(changes) {
      for (const change of changes) {
        writeInSqlite(connection, change);
        await rest(change.rows.length);
      }
    },
  };
}

function postgresEngine(connection: Connection): BatchEngine {
  return {
    run: async (text) => void (await connection.query(text)),
    holdEvents: (ids) => holdInPostgres(connection, 'stripe_events', ids),
    read: (questions, holds) => readInPostgres(connection, questions, holds),
    write: (changes) => writeInPostgres(connection, changes),
  };
}

import type { Client } from 'pg';
import { expect, test } from 'vitest';
import { plansByIndex } from '#db/plans-by-index.ts';
import type { SqliteConnection } from '#db/sqlite-client.ts';
import { doorsByName } from '#db/sync-batch-doors.ts';
import * as postgres from '#db/sync-batch-postgres.ts';
import { readInSqlite, readingOf } from '#db/sync-batch-sqlite.ts';
import { freshDatabase, testEngine } from '#test/world/fresh-database.ts';

const onSqlite = test.runIf(testEngine === 'sqlite');

onSqlite('every door of a batch is an index on SQLite, and no table is gone through', async () => {
  const plans = await onConnection((connection: SqliteConnection) =>
    [...doorsByName].map(([name, door]) => {
      const plan = connection.prepare(`explain query plan ${readingOf(door)}`).all('[]');
      return { name, steps: (plan as { detail: string }[]).map(({ detail }) => detail) };
    }),
  );
  for (const { name, steps } of plans)
    expect(steps, name).toEqual([
      expect.stringMatching(/^SCAN k VIRTUAL TABLE/),
      expect.stringMatching(/^SEARCH t USING /),
    ]);
});

test.runIf(testEngine === 'postgres')(
  'no door of a batch is planned as a scan of its table on Postgres, also while that is empty',
  async () => {
    await onConnection(async (connection: Client) => {
      await connection.query('analyze');
      await connection.query(`begin; ${plansByIndex}`);
      for (const [name, door] of doorsByName) {
        const { text, values } = postgres.readingOf([{ door, keys: [door.columns.map(() => 'x')] }]);
        const { rows } = await connection.query({ text: `explain ${text}`, values });
        const plan = rows.map((row: { 'QUERY PLAN': string }) => row['QUERY PLAN']).join('\n');
        expect(plan, name).not.toMatch(/Seq Scan/);
      }
      await connection.query('rollback');
    });
  },
);

onSqlite('what is asked for is found as it is written, whatever it looks like', async () => {
  const ids = ['1', '01', 'null', `it's "so"`, 'é\n😀', '[0]', '{}'];
  const door = doorsByName.get('customers:id');
  if (!door) throw new Error('No such door');
  const keys = [...ids, '0', '', '1.0', null].map((id) => [id]);
  const found = await onConnection((connection: SqliteConnection) => {
    const add = connection.prepare('insert into customers (id, email, created_at) values (?, ?, 1)');
    for (const [at, id] of ids.entries()) add.run(id, `c${at}@firm.com`);
    return readInSqlite(connection, door, keys);
  });
  expect(found.map((row) => row.id)).toEqual(ids);
});

async function onConnection<Connection, T>(work: (connection: Connection) => T | Promise<T>): Promise<T> {
  const { client } = (await freshDatabase()).database.knex;
  const connection = await client.acquireConnection();
  try {
    return await work(connection);
  } finally {
    await client.releaseConnection(connection);
  }
}

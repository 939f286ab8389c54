import { expect, test } from 'vitest';
import type { Sql } from '#db/connection.ts';
import { workTogether } from '#db/sync-batch.ts';
import { setTimer, setTimerIfNew } from '#db/timers.ts';
import { freshDatabase } from '#test/world/fresh-database.ts';

const of = (subject: string, dueAt: number) => ({ kind: 'grace_reminder' as const, subject, dueAt });

test('of two that set the same timer in one batch the second comes after the first, as one by one', async () => {
  const works = [
    (sql: Sql) => setTimer(sql, 1, of('a', 10)),
    (sql: Sql) => setTimerIfNew(sql, 2, of('b', 20)),
    (sql: Sql) => setTimer(sql, 3, of('a', 30)),
    (sql: Sql) => setTimer(sql, 4, of('b', 40)),
    (sql: Sql) => setTimerIfNew(sql, 5, of('a', 50)),
    (sql: Sql) => setTimer(sql, 6, of('c', 60)),
    (sql: Sql) => setTimerIfNew(sql, 7, of('c', 70)),
    (sql: Sql) => setTimer(sql, 8, of('b', 35)),
  ];
  const { database } = await freshDatabase();

  const ends = await workTogether(database, [], works, () => false);

  expect(ends).toEqual(works.map(() => ({ done: undefined })));
  const rows = await database.knex('timers').where({ kind: 'grace_reminder' }).orderBy('subject');
  expect(rows.map(({ subject, due_at }) => ({ subject, due_at }))).toEqual([
    { subject: 'a', due_at: 30 },
    { subject: 'b', due_at: 35 },
    { subject: 'c', due_at: 60 },
  ]);
});

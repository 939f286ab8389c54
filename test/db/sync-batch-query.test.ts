import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Sql } from '#db/connection.ts';
import { createReadAhead } from '#db/read-ahead.ts';
import { workTogether } from '#db/sync-batch.ts';
import { rounds } from '#test/world/figures.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { type Life, lives, type Member } from '#test/world/query-lives.ts';
import {
  askAll,
  knexAnswers,
  readAnswers,
  rowsLeft,
  seededDatabase,
  writtenBy,
} from '#test/world/query-runs.ts';

const runs = rounds(testEngine === 'sqlite' ? 300 : 80);

test('whatever is asked of rows in memory, the answer is what the database says, or none', async () => {
  const { database, seed } = await seededDatabase();
  const isRefusal = (error: unknown) => error instanceof Error && error.message === 'refused';
  const count = { members: 0, together: 0, answers: 0 };

  await fc.assert(
    fc.asyncProperty(lives, async (life: Life) => {
      await seed(life.rows);
      const heard: string[][] = life.members.map(() => []);
      const works = life.members.map((member, index) => askAll(member, heard[index] ?? []));
      // One row under a key that is there already, and everybody goes alone.
      const ends = await workTogether(database, [], works, isRefusal).catch((): 'alone'[] => []);
      const left = await rowsLeft(database);
      const isDone = (_: unknown, index: number) => {
        const end = ends[index] ?? 'alone';
        return end !== 'alone' && 'done' in end;
      };
      const done = life.members.filter(isDone);

      await seed(life.rows);
      expect(heard.filter(isDone)).toEqual(await knexAnswers(database, done));
      expect(left).toEqual(await rowsLeft(database));
      count.members += life.members.filter((member) => !member.isRefused).length;
      count.together += done.length;
      count.answers += heard.filter(isDone).flat().length;
    }),
    { numRuns: runs, endOnFailure: true },
  );

  // A memory that never knows an answer would be right, too.
  expect(count.together / count.members).toBeGreaterThan(0.35);
  expect(count.answers / runs).toBeGreaterThan(1.5);
}, 300_000);

test('a row that is given to somebody else, or is open again, is found where it is now', async () => {
  const { database, seed } = await seededDatabase();
  const row = { tier: 'pro', ticket: null, starts_at: 1, expires_at: null };
  await seed([
    { ...row, id: 'ovr_1', customer_id: 'cust_1', ended_at: null },
    { ...row, id: 'ovr_2', customer_id: 'cust_2', ended_at: 1 },
  ]);
  const openOf = (sql: Sql, owner: string) =>
    sql('overrides').where({ customer_id: owner }).whereNull('ended_at').orderBy('id').select('id');

  const ends = await workTogether<unknown>(
    database,
    [],
    [
      async (sql) => [await openOf(sql, 'cust_1'), await openOf(sql, 'cust_2')],
      async (sql) => {
        await sql('overrides').where({ id: 'ovr_1' }).update({ customer_id: 'cust_2' });
        await sql('overrides').where({ id: 'ovr_2' }).update({ ended_at: null });
      },
      async (sql) => [await openOf(sql, 'cust_1'), await openOf(sql, 'cust_2')],
    ],
    () => false,
  );

  const [before, , after] = ends;
  expect(before).toEqual({ done: [[{ id: 'ovr_1' }], []] });
  expect(after).toEqual({ done: [[], [{ id: 'ovr_1' }, { id: 'ovr_2' }]] });
});

test('who only reads is always answered, from rows that were read ahead or by the database', async () => {
  const { database, seed } = await seededDatabase();
  await fc.assert(
    fc.asyncProperty(lives, async ({ rows, members }: Life) => {
      await seed(rows);
      const questions = members.map(
        (member): Member => ({ ...member, acts: member.acts.filter((act) => !writtenBy(act)) }),
      );

      const answers = await readAnswers(createReadAhead(database).sql, questions);

      expect(answers).toEqual(await readAnswers(database.knex, questions));
    }),
    { numRuns: runs / 2, endOnFailure: true },
  );
}, 300_000);

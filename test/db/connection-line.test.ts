import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openDatabase } from '#db/connection.ts';
import { answering } from '#db/connection-line.ts';

/** One connection, which is held; whoever comes then stands in line, and the order in which they are served is told. */
async function lineWorld() {
  const database = openDatabase('sqlite::memory:');
  const lock = await database.knex.transaction();
  const served: string[] = [];
  const ask = (name: string) => database.knex.raw('select 1').then(() => served.push(name));
  return {
    ask,
    async serve(asked: Promise<unknown>[]) {
      await lock.commit();
      await Promise.all(asked);
      await database.close();
      return served;
    },
  };
}

test('whoever answers somebody goes before the background, and behind those who came before them', async () => {
  const { ask, serve } = await lineWorld();

  const asked = [
    ask('job 1'),
    ask('job 2'),
    answering(() => ask('command 1')),
    ask('job 3'),
    answering(() => ask('command 2')),
  ];

  expect(await serve(asked)).toEqual(['command 1', 'command 2', 'job 1', 'job 2', 'job 3']);
});

test('work that has let others go first for a second keeps its place', async () => {
  const { ask, serve } = await lineWorld();

  const asked = [ask('old job')];
  await pause(1_100);
  asked.push(ask('job'));
  asked.push(answering(() => ask('command')));

  expect(await serve(asked)).toEqual(['old job', 'command', 'job']);
});

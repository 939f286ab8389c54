import { expect, test } from 'vitest';
import { createLog } from '#src/core/log.ts';
import { answerOnce } from '#src/slack/answer-once.ts';
import { freshDatabase } from '#test/world/fresh-database.ts';
import { testClock } from '#test/world/test-clock.ts';

/** Nobody can write deliveries while it is held. */
async function answerWorld() {
  const { database } = await freshDatabase();
  const runner = { database, clock: testClock(), log: createLog('silent') };
  const hold = async () => {
    const lock = await database.knex.transaction();
    if (database.engine === 'postgres')
      await lock.raw('lock table slack_deliveries in access exclusive mode');
    return lock;
  };
  return { runner, hold };
}

test('whoever asked is answered before the answer is kept, and a repeat gets the answer that was kept', async () => {
  const { runner, hold } = await answerWorld();
  let lock: Awaited<ReturnType<typeof hold>> | undefined;
  const work = async () => {
    lock = await hold();
    return 'done';
  };

  const first = await answerOnce(runner, 'slash:1', work);
  expect(first?.answer).toBe('done');
  await lock?.commit();
  await first?.kept;

  expect((await answerOnce(runner, 'slash:1', work))?.answer).toBe('done');
});

test('an answer that cannot be kept was given all the same', async () => {
  const { runner } = await answerWorld();

  const first = await answerOnce(runner, 'slash:2', async () => {
    await runner.database.knex.schema.dropTable('slack_deliveries');
    return 'done';
  });

  expect(first?.answer).toBe('done');
  await expect(first?.kept).resolves.toBeUndefined();
});

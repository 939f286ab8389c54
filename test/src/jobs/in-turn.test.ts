import { expect, onTestFinished, test } from 'vitest';
import { inTransaction } from '#db/transaction.ts';
import { createLog } from '#src/core/log.ts';
import { inTurn } from '#src/jobs/in-turn.ts';
import { createWorker, type Job } from '#src/jobs/worker.ts';
import { freshDatabase } from '#test/world/fresh-database.ts';
import { testClock } from '#test/world/test-clock.ts';

const MINUTE_MS = 60_000;

/** A job whose every turn writes one row, in as many processes as one likes. */
async function counting() {
  const { database } = await freshDatabase();
  const clock = testClock();
  const write = (fence: (sql: typeof database.knex) => Promise<void>, name: string) =>
    inTransaction(database, async (sql) => {
      await fence(sql as never);
      await sql('installation').insert({ name, value: '', set_at: 1 });
    });
  const written = async () => (await database.knex('installation').orderBy('name')).map(({ name }) => name);
  return { database, clock, write, written };
}

test('of many processes one does it, and the next when it is due', async () => {
  const { database, clock } = await counting();
  let turns = 0;
  const process = () =>
    inTurn(
      { database, clock },
      {
        name: 'count',
        pauseMs: MINUTE_MS,
        run: async () => {
          turns++;
          return 0;
        },
      },
    );
  const processes = [process(), process(), process()];
  const allLook = () => Promise.all(processes.map((one) => one.run()));

  await allLook();
  await allLook();
  expect(turns).toBe(1);
  clock.advance(MINUTE_MS);
  await allLook();
  expect(turns).toBe(2);
});

test('F37: a holder that stands still for a minute and goes on writes nothing; the other has done it, once', async () => {
  const { database, clock, write, written } = await counting();
  const still = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const slow = inTurn(
    { database, clock },
    {
      name: 'count',
      pauseMs: MINUTE_MS,
      async run(fence) {
        begun.resolve();
        await still.promise;
        await write(fence, 'by the one that stood still');
        return 1;
      },
    },
  );
  const other = inTurn(
    { database, clock },
    {
      name: 'count',
      pauseMs: MINUTE_MS,
      async run(fence) {
        await write(fence, 'by the other');
        return 0;
      },
    },
  );

  const standing = slow.run();
  await begun.promise;
  expect(await other.run()).toBe(0);
  expect(await written()).toEqual([]);
  clock.advance(MINUTE_MS);
  await other.run();
  still.resolve();

  expect(await standing).toBe(0);
  expect(await written()).toEqual(['by the other']);
  // Nor did it give the other's turn back.
  expect(await database.knex('job_turns').first()).toMatchObject({ next_at: clock.now() + MINUTE_MS * 0.9 });
});

test('who fails lets the next try at once, and who dies is replaced when the lease is over', async () => {
  const { database, clock } = await counting();
  const failing = inTurn(
    { database, clock },
    {
      name: 'count',
      pauseMs: MINUTE_MS,
      run: () => Promise.reject(new Error('no')),
    },
  );
  await expect(failing.run()).rejects.toThrow('no');
  let turns = 0;
  const next = inTurn(
    { database, clock },
    {
      name: 'count',
      pauseMs: 0,
      run: async () => ++turns,
    },
  );
  await next.run();
  expect(turns).toBe(1);

  await database.knex('job_turns').update({ lease_token: 'dead', lease_until: clock.now() + 5_000 });
  await next.run();
  expect(turns).toBe(1);
  clock.advance(5_001);
  await next.run();
  expect(turns).toBe(2);
});

test('who is woken while it looks looks again, and a name that is no job’s wakes nobody', async () => {
  const looks: number[] = [];
  const begun = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const again = Promise.withResolvers<void>();
  const job: Job = {
    name: 'outbox',
    pauseMs: 3_600_000,
    parallel: 1,
    async run() {
      looks.push(looks.length);
      if (looks.length > 1) again.resolve();
      begun.resolve();
      await go.promise;
      return 0;
    },
  };
  const worker = createWorker([job], createLog('silent'));
  onTestFinished(() => worker.stop());
  worker.start();
  await begun.promise;

  worker.wake('no such job');
  worker.wake('outbox');
  await new Promise((resolve) => setTimeout(resolve, 100));
  go.resolve();

  await again.promise;
  expect(looks).toHaveLength(2);
});

test('who had something to do wakes those behind it, here and elsewhere', async () => {
  const rung: string[] = [];
  const woken = Promise.withResolvers<void>();
  let syncs = 0;
  let looks = 0;
  const worker = createWorker(
    [
      {
        name: 'sync',
        pauseMs: 3_600_000,
        parallel: 1,
        wakes: ['outbox'],
        run: async () => (syncs++ === 1 ? 1 : 0),
      },
      {
        name: 'outbox',
        pauseMs: 3_600_000,
        parallel: 1,
        async run() {
          if (++looks > 1) woken.resolve();
          return 0;
        },
      },
    ],
    createLog('silent'),
    (name) => void rung.push(name),
  );
  onTestFinished(() => worker.stop());
  worker.start();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(rung).toEqual([]);

  worker.wake('sync');

  await woken.promise;
  expect(rung).toEqual(['outbox']);
});

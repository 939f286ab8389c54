import { expect, test } from 'vitest';
import { openDatabase } from '#db/connection.ts';
import { createLog } from '#src/core/log.ts';
import { createHttpServer, listen, stopListening } from '#src/http/server.ts';

test('a request’s questions go before the background’s, and before those of work that it only woke', async () => {
  const { knex, close } = openDatabase('sqlite::memory:');
  const served: string[] = [];
  const ask = (name: string) => knex.raw('select 1').then(() => served.push(name));
  const woken = Promise.withResolvers<void>();
  const job = woken.promise.then(() => ask('woken job'));
  const came = Promise.withResolvers<void>();
  const handle = async (_request: unknown, response: { end(): void }) => {
    woken.resolve();
    // The job stands in line by then.
    await new Promise((resolve) => setImmediate(resolve));
    const asked = ask('request');
    came.resolve();
    await asked;
    response.end();
  };
  const server = createHttpServer([{ method: 'GET', path: '/x', handle }], createLog('silent'));
  const port = await listen(server, 0, '127.0.0.1');
  const lock = await knex.transaction();
  const before = ask('job');

  const answer = fetch(`http://127.0.0.1:${port}/x`);
  await came.promise;
  await lock.commit();
  await Promise.all([answer, before, job]);

  expect(served).toEqual(['request', 'job', 'woken job']);
  await stopListening(server);
  await close();
});

import { expect, onTestFinished, test } from 'vitest';
import { buildApp } from '#src/app.ts';
import { readConfig } from '#src/config.ts';
import { createLog } from '#src/core/log.ts';
import { changedTables, fingerprint } from '#test/world/fingerprint.ts';
import { freshDatabase } from '#test/world/fresh-database.ts';
import { testClock } from '#test/world/test-clock.ts';
import { routes } from './expected.ts';
import { matrixSettings } from './principals.ts';

/** The whole program's server, as somebody on the network finds it; nothing else of it runs. */
async function knocking() {
  const { database, url } = await freshDatabase();
  const { config, problems } = readConfig({
    SLACK_BOT_TOKEN: 'xoxb-matrix',
    SLACK_SIGNING_SECRET: 'matrix-signing-secret',
    STRIPE_SECRET_KEY: 'sk_test_matrix',
    STRIPE_WEBHOOK_SECRET: 'whsec_matrix',
    LUCY_API_KEYS: 'product:matrix-key',
    DATABASE_URL: url,
  });
  if (!config) throw new Error(JSON.stringify(problems));
  const log = createLog('silent');
  const clock = testClock(Date.now());
  const app = await buildApp({ config, settings: matrixSettings, database, clock, log });
  await new Promise<void>((resolve) => app.server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    app.server.closeAllConnections();
    app.server.close();
  });
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { database, at: (path: string) => `http://127.0.0.1:${port}${path}` };
}

/** Bodies that would do something if anybody believed them; the product's API takes JSON. */
const bodies: Readonly<Record<string, string>> = {
  '/api/billing/webhook': JSON.stringify({ id: 'evt_1', object: 'event', type: 'invoice.paid' }),
  '/slack/events': 'command=%2Flucy&text=credits+grant+sofia%40firm.com+5&user_id=U0ADA00001',
};
const asked = JSON.stringify({ email: 'sofia@firm.com', count: 5, idempotencyKey: 'matrix' });

/** Health writes down that the database takes writes; that is its answer. */
const bookkeeping = ['installation'];

test('every route tells a stranger what is declared, and does nothing', async () => {
  const { database, at } = await knocking();
  const before = await fingerprint(database);
  const wrong: string[] = [];

  for (const [route, { unsigned }] of Object.entries(routes)) {
    const [method = '', path = ''] = route.split(' ');
    for (const used of method === 'ANY' ? ['GET', 'POST', 'PUT', 'DELETE'] : [method]) {
      const body = used === 'GET' ? {} : { body: bodies[path] ?? asked };
      const answer = await fetch(at(path.replace(':id', 'cust_1')), { method: used, ...body });
      if (answer.status !== unsigned) wrong.push(`${used} ${path} answered ${answer.status}`);
      if (/xoxb|sk_test|whsec|matrix-key/.test(await answer.text())) wrong.push(`${route} told a secret`);
    }
  }

  expect(wrong).toEqual([]);
  expect(changedTables(before, await fingerprint(database), bookkeeping)).toEqual([]);
});

test('there is nothing anywhere else', async () => {
  const { at } = await knocking();

  for (const path of ['/', '/debug', '/admin', '/slack', '/slack/events/x', '/.env', '/api', '/health/x']) {
    for (const method of ['GET', 'POST'])
      expect((await fetch(at(path), { method })).status, `${method} ${path}`).toBe(404);
  }
});

test('a wrong method is not another way in', async () => {
  const { at } = await knocking();

  for (const [path, method] of [
    ['/slack/events', 'GET'],
    ['/slack/events', 'PUT'],
    ['/api/billing/webhook', 'GET'],
    ['/api/billing/webhook', 'DELETE'],
    ['/health', 'POST'],
  ] as const)
    expect((await fetch(at(path), { method })).status, `${method} ${path}`).toBe(405);
});

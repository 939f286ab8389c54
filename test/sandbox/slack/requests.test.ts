import { afterAll, beforeAll, expect, test } from 'vitest';
import { botToken, signingSecret, startBoth } from './bolt-side.ts';

let both: Awaited<ReturnType<typeof startBoth>>;
let commands = 0;

beforeAll(async () => {
  both = await startBoth();
  both.app.command('/lucy', async ({ ack }) => {
    commands += 1;
    await ack('ok');
  });
});

afterAll(() => both.close());

test('a replay is the same bytes and headers', async () => {
  const { deliveryId } = await both.slack.as('sam').say('support', '/lucy once');
  commands = 0;
  expect(await both.slack.replay(deliveryId ?? '')).toMatchObject({ status: 200, body: 'ok' });
  expect(commands).toBe(1);
});

test('Bolt refuses a wrong secret, an old timestamp and a changed body', async () => {
  const { rawBody: body = '', headers = {} } = both.slack.deliveries[0] ?? {};
  const seconds = Math.floor(Date.now() / 1000);
  commands = 0;
  const statusOf = async (request: Parameters<typeof both.slack.signedRequest>[0]) =>
    (await both.slack.signedRequest(request)).response?.status;
  expect(await statusOf({ body })).toBe(200);
  expect(await statusOf({ body, secret: 'another' })).toBe(401);
  expect(await statusOf({ body, timestamp: seconds - 301 })).toBe(401);
  expect(await statusOf({ body: `${body}&x=1`, headers })).toBe(401);
  expect(commands).toBe(1);
});

test('the wire log shows both directions and no secret', async () => {
  await both.slack.as('sam').say('support', '/lucy wire');
  await both.app.client.auth.test();
  const entries = both.slack.wire.entries();
  expect(entries.at(-2)).toMatchObject({ from: 'slack', to: 'lucy', label: '/lucy wire', status: 200 });
  expect(entries.at(-1)).toMatchObject({ from: 'lucy', to: 'slack', label: 'auth.test', status: 200 });
  const all = JSON.stringify(entries);
  expect(all).not.toContain(signingSecret);
  expect(all).not.toContain(botToken);
  expect(all).toContain('/commands/T0LUCY0001/[redacted]');
});

test('200 commands take far less than it takes to notice', async () => {
  const sam = both.slack.as('sam');
  const startedAt = performance.now();
  for (let round = 0; round < 10; round += 1) {
    await Promise.all(Array.from({ length: 20 }, () => sam.say('support', '/lucy quick')));
  }
  expect(performance.now() - startedAt).toBeLessThan(4000);
});

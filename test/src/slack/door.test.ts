import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { signatureHeaders } from '#sandbox/slack/to-lucy/sign.ts';
import { slackSecrets, slackWorld } from '#test/world/slack-world.ts';

const form = 'application/x-www-form-urlencoded';
const command = (text: string) =>
  new URLSearchParams({
    command: '/lucy',
    text,
    user_id: 'U0SAM00001',
    team_id: 'T0LUCY0001',
    trigger_id: `1.2.${Math.random()}`,
  }).toString();
const grant = command('credits grant sofia@firm.com 100 --reason "lost upload"');

async function knocking() {
  const world = await slackWorld();
  await world.given('customer add sofia@firm.com');
  const nowSeconds = Math.floor(world.clock.now() / 1000);
  const knock = async (body: string, headers: Record<string, string>, init: RequestInit = {}) => {
    const answer = await fetch(world.eventsUrl, { method: 'POST', headers, body, ...init });
    return { status: answer.status, text: await answer.text() };
  };
  const runs = () => world.database.knex('runs').where({ surface: 'slack' });
  const signed = (
    body: string,
    timestamp = nowSeconds,
    secret = slackSecrets.signingSecret,
  ): Record<string, string> => ({
    'content-type': form,
    ...signatureHeaders(secret, timestamp, body),
  });
  return { ...world, knock, runs, signed, nowSeconds };
}

test('a good signature opens, also with a charset behind the content type', async () => {
  const { knock, runs, signed } = await knocking();

  const plain = await knock(grant, signed(grant));
  const other = command('credits grant sofia@firm.com 5 --reason "lost upload"');
  const charset = await knock(other, { ...signed(other), 'content-type': `${form}; charset=utf-8` });

  expect([plain.status, charset.status]).toEqual([200, 200]);
  expect(await runs()).toHaveLength(2);
});

test('a flipped signature, another secret, an empty secret and no signature do not open', async () => {
  const { knock, runs, signed, nowSeconds } = await knocking();
  const good = signed(grant);
  const flipped = good['X-Slack-Signature']?.replace(/.$/, (last) => (last === '0' ? '1' : '0')) ?? '';

  const answers = await Promise.all([
    knock(grant, { ...good, 'X-Slack-Signature': flipped }),
    knock(grant, signed(grant, nowSeconds, 'another-secret')),
    knock(grant, { ...good, 'X-Slack-Signature': 'v0=' }),
    knock(grant, { 'content-type': form }),
    knock(`${grant}&x=1`, good),
  ]);

  expect(answers.map((answer) => answer.status)).toEqual([401, 401, 401, 401, 401]);
  expect(await runs()).toEqual([]);
});

test.each([
  ['stale', -301],
  ['a day old', -86_400],
  ['in the future', 301],
  ['a day ahead', 86_400],
])('a timestamp that is %s does not open, though it is signed', async (_word, offset) => {
  const { knock, runs, signed, nowSeconds } = await knocking();

  const answer = await knock(grant, signed(grant, nowSeconds + offset));

  expect(answer.status).toBe(401);
  expect(await runs()).toEqual([]);
});

test('the ssl_check trick reaches nothing, signed or not', async () => {
  const { knock, runs, signed } = await knocking();
  const payload = encodeURIComponent(
    JSON.stringify({ type: 'block_actions', user: { id: 'U0SAM00001' }, actions: [{ action_id: 'run:0' }] }),
  );
  const tricks = [
    'ssl_check=1',
    `ssl_check=1&${grant}`,
    `ssl_check=1&payload=${payload}`,
    `ssl_check=true&${grant}`,
    `ssl_check=1&ssl_check=1&${grant}`,
  ];

  for (const trick of tricks) {
    expect((await knock(trick, { 'content-type': form })).text).toBe('');
    expect((await knock(trick, signed(trick))).text).toBe('');
    expect((await knock(trick, { 'content-type': `${form};charset=UTF-8` })).text).toBe('');
  }
  expect(
    (await knock(JSON.stringify({ ssl_check: '1' }), { 'content-type': 'application/json' })).status,
  ).toBe(401);
  expect(await runs()).toEqual([]);
});

test('a body above 1 MiB gets a 413 that can be read', async () => {
  const { knock, runs } = await knocking();

  const answer = await knock(`text=${'x'.repeat(1024 * 1024)}`, { 'content-type': form });
  const streamed = await knock(
    '',
    { 'content-type': form },
    {
      body: new Blob(['x'.repeat(4 * 1024 * 1024)]),
    },
  );

  expect([answer.status, streamed.status]).toEqual([413, 413]);
  expect(await runs()).toEqual([]);
});

test('a client that drips its body is cut off', { timeout: 15_000 }, async () => {
  const { eventsUrl } = await knocking();
  const { hostname, port } = new URL(eventsUrl);
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: ${form}\r\nContent-Length: 1000\r\n\r\n`,
  );
  const drip = setInterval(() => socket.write('x'), 200);
  let said = '';
  socket.on('data', (chunk) => {
    said += chunk;
  });

  await new Promise((resolve) => socket.on('close', resolve));
  clearInterval(drip);

  expect(said).toMatch(/^HTTP\/1.1 408/);
});

test.each([
  ['broken JSON', 'application/json', '{"type":'],
  ['null', 'application/json', 'null'],
  ['a list', 'application/json', '[1]'],
  ['a payload that is null', form, 'payload=null'],
  ['a broken payload', form, 'payload=%7B'],
  ['two payloads', form, 'payload=%7B%7D&payload=%7B%7D'],
  ['JSON a hundred thousand deep', 'application/json', '['.repeat(100_000)],
])('%s, well signed, is a 400 and nothing breaks', async (_what, contentType, body) => {
  const { knock, signed } = await knocking();

  const answer = await knock(body, { ...signed(body), 'content-type': contentType });

  expect(answer.status).toBe(400);
  expect((await knock(grant, signed(grant))).status).toBe(200);
});

test('a signed payload without the fields that Slack always sends is answered and breaks nothing', async () => {
  const { knock, signed } = await knocking();
  const payloads = [
    { type: 'block_actions', actions: [] },
    { type: 'view_submission', view: null },
  ];

  for (const payload of payloads) {
    const body = `payload=${encodeURIComponent(JSON.stringify(payload))}`;
    expect((await knock(body, signed(body))).status).toBeGreaterThanOrEqual(200);
  }
  expect((await knock(grant, signed(grant))).status).toBe(200);
});

test('only a POST is taken', async () => {
  const { eventsUrl } = await knocking();

  expect((await fetch(eventsUrl)).status).toBe(405);
});

test('Slack’s url_verification gets its challenge back', async () => {
  const { knock, signed } = await knocking();
  const body = JSON.stringify({ type: 'url_verification', challenge: 'abc' });

  const answer = await knock(body, { ...signed(body), 'content-type': 'application/json' });

  expect(answer.text).toContain('abc');
});

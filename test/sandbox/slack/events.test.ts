import { createServer, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { LocalSlack } from '#sandbox/slack/local-slack.ts';
import { startLocalSlack } from '#sandbox/slack/start-local-slack.ts';
import { botToken, signingSecret, startBoth } from './bolt-side.ts';

/** A Lucy that answers as she is told, to see Slack's retries. */
const received: { headers: NodeJS.Dict<string | string[]>; body: Record<string, unknown> }[] = [];
let answer: (response: ServerResponse) => void;
let slack: LocalSlack;
const lucy = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    received.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
    answer(response);
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => lucy.listen(0, '127.0.0.1', resolve));
  const address = lucy.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  slack = await startLocalSlack({
    signingSecret,
    botToken,
    eventsUrl: () => `http://127.0.0.1:${port}/slack/events`,
  });
});

beforeEach(() => {
  received.length = 0;
  answer = (response) => response.writeHead(200).end();
});

afterAll(async () => {
  await slack.close();
  lucy.close();
});

test('app_home_opened says which tab', async () => {
  await slack.as('sam').openHome();
  await slack.as('sam').openMessagesTab();
  expect(received.map(({ body }) => body.event)).toMatchObject([
    { type: 'app_home_opened', user: 'U0SAM00001', channel: 'D0SAM00001', tab: 'home' },
    { type: 'app_home_opened', tab: 'messages' },
  ]);
  expect(received[0]?.body.event).not.toHaveProperty('view');
});

test('an event that is not taken comes again: at once, later, later still, with the same event_id', async () => {
  answer = (response) => response.writeHead(500).end();
  await slack.as('sam').openHome();
  await slack.waitFor(() => received.length === 2);
  await slack.settled();
  expect(received).toHaveLength(2);
  await slack.flushRetries();
  await slack.flushRetries();
  await slack.flushRetries();
  expect(received.map(({ headers }) => headers['x-slack-retry-num'])).toEqual([undefined, '1', '2', '3']);
  expect(received.at(-1)?.headers['x-slack-retry-reason']).toBe('http_error');
  expect(new Set(received.map(({ body }) => body.event_id)).size).toBe(1);
});

test('x-slack-no-retry stops the retries', async () => {
  answer = (response) => response.writeHead(500, { 'x-slack-no-retry': '1' }).end();
  await slack.as('sam').openHome();
  await slack.settled();
  await slack.flushRetries();
  expect(received).toHaveLength(1);
});

test('a message in the DM and a mention are told, other messages are not', async () => {
  await slack.as('sam').say('D0SAM00001', 'show sofia@firm.com & <b>');
  await slack.as('sam').say('support', 'hello');
  await slack.as('sam').say('support', '@lucy look at #incidents');
  await slack.as('sam').say('general', '@lucy are you here?');
  expect(received.map(({ body }) => body.event)).toMatchObject([
    {
      type: 'message',
      channel_type: 'im',
      user: 'U0SAM00001',
      text: 'show <mailto:sofia@firm.com|sofia@firm.com> &amp; &lt;b&gt;',
    },
    { type: 'app_mention', channel: 'C0SUPPORT1', text: '<@U0LUCYBOT1> look at <#C0INCIDEN1|incidents>' },
  ]);
});

test('a changed user group is told with who came and who went', async () => {
  await slack.setGroupMembers('billing', ['bo', 'ada']);
  expect(received.at(-1)?.body.event).toMatchObject({
    type: 'subteam_members_changed',
    subteam_id: 'S0BILLING1',
    added_users: ['U0ADA00001'],
    removed_users: ['U0BEA00001'],
  });
});

test('Bolt publishes a home, and acts on it', async () => {
  const both = await startBoth();
  both.app.event('app_home_opened', async ({ event, client }) => {
    if (event.tab !== 'home') return;
    await client.views.publish({
      user_id: event.user,
      view: {
        type: 'home',
        blocks: [
          { type: 'header', text: { type: 'plain_text', text: 'Your receipts' } },
          {
            type: 'actions',
            elements: [
              { type: 'button', action_id: 'undo', text: { type: 'plain_text', text: 'Undo' }, value: '7' },
            ],
          },
        ],
      },
    });
  });
  let payload: unknown;
  both.app.action('undo', async ({ ack, body }) => {
    await ack();
    payload = body;
  });
  const sam = both.slack.as('sam');
  await sam.openHome();
  await both.slack.waitFor(() => sam.home());
  expect(sam.home()?.reads).toBe('Your receipts\n[Undo]');
  await sam.click('home', 'Undo');
  expect(payload).toMatchObject({
    container: { type: 'view' },
    view: { type: 'home' },
    actions: [{ value: '7' }],
  });
  expect(payload).not.toHaveProperty('response_url');
  expect(payload).not.toHaveProperty('channel');
  await both.close();
});

import bolt from '@slack/bolt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSlack } from '#sandbox/slack/local-slack.ts';
import { startLocalSlack } from '#sandbox/slack/start-local-slack.ts';
import { appToken, botToken, quiet, refusalOf, signingSecret } from './bolt-side.ts';

let slack: LocalSlack;
let app: bolt.App;
let requests = 0;

beforeAll(async () => {
  slack = await startLocalSlack({
    signingSecret,
    botToken,
    appToken,
    ackTimeoutMs: 400,
    eventsUrl: () => {
      requests += 1;
      return 'http://127.0.0.1:1/never';
    },
  });
  const clientOptions = { slackApiUrl: slack.apiUrl };
  const receiver = new bolt.SocketModeReceiver({
    appToken,
    logger: quiet,
    clientPingTimeout: 50,
    installerOptions: { clientOptions },
  });
  app = new bolt.App({ token: botToken, receiver, logger: quiet, clientOptions });
  app.command('/lucy', async ({ ack, command, client, body }) => {
    if (command.text === 'sleep') return;
    if (command.text === 'modal') {
      await ack();
      await client.views.open({
        trigger_id: body.trigger_id,
        view: {
          type: 'modal',
          callback_id: 'm',
          title: { type: 'plain_text', text: 'Over the socket' },
          submit: { type: 'plain_text', text: 'Go' },
          blocks: [
            {
              type: 'input',
              block_id: 'b',
              label: { type: 'plain_text', text: 'Name' },
              element: { type: 'plain_text_input', action_id: 'a' },
            },
          ],
        },
      });
      return;
    }
    await ack(`over the socket: ${command.text}`);
  });
  app.view('m', async ({ ack, view }) => {
    if (view.state.values.b?.a?.value === 'no')
      await ack({ response_action: 'errors', errors: { b: 'Not that.' } });
    else await ack();
  });
  await app.start();
});

afterAll(async () => {
  await app.stop();
  await slack.close();
});

test('commands, modals and events go over the socket, none over HTTP', async () => {
  const sam = slack.as('sam');
  expect(slack.socketConnections()).toBe(1);
  expect(await sam.say('support', '/lucy é/x')).toMatchObject({ status: 200, failure: null });
  expect(sam.lastMessage('support').text).toBe('over the socket: é/x');
  await sam.say('support', '/lucy modal');
  await slack.waitFor(() => sam.modal());
  expect((await sam.submit({ Name: 'no' })).failure).toBeNull();
  expect(sam.modal()?.errors).toEqual({ b: 'Not that.' });
  await sam.submit({ Name: 'yes' });
  expect(sam.modal()).toBeNull();
  expect(slack.deliveries.every((delivery) => delivery.transport === 'socket')).toBe(true);
});

test('no ack over the socket is a timeout too', async () => {
  expect((await slack.as('sam').say('support', '/lucy sleep')).failure).toBe('operation_timeout');
});

test('Slack asks to reconnect, and Lucy does', async () => {
  slack.refreshSockets();
  await slack.waitFor(() => slack.socketConnections() === 0);
  expect((await slack.as('sam').say('support', '/lucy gap')).failure).toBe('dispatch_failed');
  await slack.waitFor(() => slack.socketConnections() === 1);
  expect((await slack.as('sam').say('support', '/lucy again')).failure).toBeNull();
});

test('the app token is for connecting only, and a ticket works once', async () => {
  const open = (token: string) => refusalOf(app.client.apps.connections.open({ token }));
  expect(await open(botToken)).toMatchObject({ error: 'not_allowed_token_type' });
  expect(await refusalOf(app.client.auth.test({ token: appToken }))).toMatchObject({
    error: 'not_allowed_token_type',
  });
  const { url } = await app.client.apps.connections.open({ token: appToken });
  const first = new WebSocket(url ?? '');
  await new Promise((resolve) => first.addEventListener('message', resolve, { once: true }));
  const second = new WebSocket(url ?? '');
  const refused = new Promise((resolve) => second.addEventListener('error', resolve, { once: true }));
  await refused;
  first.close();
  expect(requests).toBe(slack.deliveries.length);
});

import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClientAct, ClientSnapshot } from '#sandbox/slack/client-contract.ts';
import { startBoth } from './bolt-side.ts';

let both: Awaited<ReturnType<typeof startBoth>>;
const sam = 'U0SAM00001';

beforeAll(async () => {
  both = await startBoth();
  both.app.command('/lucy', async ({ ack, body, client }) => {
    if (body.text === 'modal') {
      await ack();
      await client.views.open({
        trigger_id: body.trigger_id,
        view: {
          type: 'modal',
          callback_id: 'm',
          title: { type: 'plain_text', text: 'A modal' },
          submit: { type: 'plain_text', text: 'Go' },
          blocks: [
            {
              type: 'input',
              block_id: 'name',
              label: { type: 'plain_text', text: 'Name' },
              element: { type: 'plain_text_input', action_id: 'v' },
            },
          ],
        },
      });
      return;
    }
    await ack({
      text: 'x',
      blocks: [
        {
          type: 'actions',
          block_id: 'b',
          elements: [{ type: 'button', action_id: 'press', text: { type: 'plain_text', text: 'Press' } }],
        },
      ],
    });
  });
  both.app.action('press', async ({ ack, respond }) => {
    await ack();
    await respond({ replace_original: true, text: 'pressed' });
  });
  both.app.view('m', async ({ ack, view }) => {
    if (view.state.values.name?.v?.value === 'no')
      await ack({ response_action: 'errors', errors: { name: 'No.' } });
    else await ack();
  });
});

afterAll(() => both.close());

async function snapshot(as = sam): Promise<ClientSnapshot> {
  const response = await fetch(`${both.slack.url}/client/snapshot?as=${as}`);
  return JSON.parse(await response.text());
}

async function act(body: ClientAct): Promise<Record<string, unknown>> {
  const response = await fetch(`${both.slack.url}/client/act`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return JSON.parse(await response.text());
}

test('the snapshot is one person’s view', async () => {
  const mine = await snapshot();
  expect(mine).toMatchObject({
    as: { id: sam, handle: 'sam' },
    bot: { userId: 'U0LUCYBOT1' },
    modal: null,
    home: null,
  });
  expect(mine.channels.find((channel) => channel.name === 'general')).toMatchObject({
    kind: 'channel',
    hasBot: false,
  });
  expect(mine.channels.find((channel) => channel.withUser === 'U0LUCYBOT1')).toMatchObject({
    id: 'D0SAM00001',
  });
  expect(mine.commands).toMatchObject([{ command: '/lucy' }]);
  const gus = await snapshot('U0GUS00001');
  const names = gus.channels.filter((channel) => channel.kind === 'channel').map((channel) => channel.name);
  expect(names).toEqual(['general', 'support']);
});

test('say, click, and see the answer', async () => {
  await act({ as: sam, kind: 'say', channel: 'C0SUPPORT1', text: '/lucy' });
  const message = (await snapshot()).messages.at(-1);
  expect(message).toMatchObject({ isEphemeral: true, user: 'U0LUCYBOT1' });
  const click = {
    as: sam,
    kind: 'click' as const,
    where: { message: { channel: 'C0SUPPORT1', ts: message?.ts ?? '' } },
    blockId: 'b',
    actionId: 'press',
    value: { type: 'button' },
  };
  expect(await act(click)).toMatchObject({ ok: true });
  await both.slack.settled();
  expect((await snapshot()).messages.at(-1)).toMatchObject({ ts: message?.ts, text: 'pressed' });
  expect(await act(click)).toEqual({ ok: false, error: 'This button or field is no longer there.' });
  expect(await act({ ...click, as: 'U0BEA00001' })).toEqual({
    ok: false,
    error: 'This message is no longer there.',
  });
});

test('a modal: errors of the client, errors of Lucy, done', async () => {
  await act({ as: sam, kind: 'say', channel: 'C0SUPPORT1', text: '/lucy modal' });
  await both.slack.waitFor(() => both.slack.as('sam').modal());
  const viewId = (await snapshot()).modal?.viewId ?? '';
  const submit = (value: string | null) =>
    act({ as: sam, kind: 'submit', viewId, state: { name: { v: { type: 'plain_text_input', value } } } });
  expect(await submit(null)).toMatchObject({ ok: true });
  expect((await snapshot()).modal).toMatchObject({
    depth: 1,
    pending: false,
    errors: { name: 'Please complete this required field.' },
  });
  await submit('no');
  expect((await snapshot()).modal?.errors).toEqual({ name: 'No.' });
  await submit('yes');
  expect((await snapshot()).modal).toBeNull();
  expect(await submit('again')).toEqual({ ok: false, error: 'This window is no longer open.' });
});

test('changes are streamed', async () => {
  const abort = new AbortController();
  const response = await fetch(`${both.slack.url}/client/changes`, { signal: abort.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  await reader?.read();
  await act({ as: sam, kind: 'say', channel: 'C0SUPPORT1', text: 'hello' });
  expect((await reader?.read())?.value).toBe('data: changed\n\n');
  abort.abort();
});

test('another site is refused, whether by name or by origin', async () => {
  const { port } = new URL(both.slack.url);
  const statusOf = (headers: Record<string, string>, method = 'POST') =>
    new Promise<number | undefined>((resolve) => {
      const path = method === 'POST' ? '/client/act' : `/client/snapshot?as=${sam}`;
      const sent = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.end(method === 'POST' ? JSON.stringify({ as: sam, kind: 'open-home' }) : undefined);
    });
  const json = { 'Content-Type': 'application/json' };
  expect(await statusOf({ ...json, Host: 'evil.example' })).toBe(403);
  expect(await statusOf({ Host: 'evil.example' }, 'GET')).toBe(403);
  expect(await statusOf({ ...json, Origin: 'https://evil.example' })).toBe(403);
  expect(await statusOf({ 'Content-Type': 'text/plain' })).toBe(403);
  expect(await statusOf({ ...json, Origin: `http://127.0.0.1:${port}` })).toBe(200);
  expect(
    (await fetch(`${both.slack.url}/client/act`, { method: 'POST', headers: json, body: '{}' })).status,
  ).toBe(400);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBoth } from './bolt-side.ts';

let both: Awaited<ReturnType<typeof startBoth>>;
let now = Date.now();
const seen: { payload: Record<string, unknown>[] } = { payload: [] };

const card = (text: string) => [
  { type: 'section', text: { type: 'mrkdwn', text } },
  {
    type: 'actions',
    block_id: 'decide',
    elements: [
      {
        type: 'button',
        action_id: 'approve',
        value: 'run_1',
        text: { type: 'plain_text', text: 'Approve' },
        style: 'primary',
      },
      { type: 'button', action_id: 'dismiss', text: { type: 'plain_text', text: 'Dismiss' } },
      {
        type: 'static_select',
        action_id: 'tier',
        options: ['free', 'pro'].map((value) => ({
          value,
          text: { type: 'plain_text', text: `The ${value} tier` },
        })),
      },
    ],
  },
];

beforeAll(async () => {
  both = await startBoth({ now: () => now });
  const { app } = both;
  app.command('/lucy', async ({ ack }) => {
    await ack({ text: 'preview', blocks: card('Grant 100 credits?') });
  });
  app.action('approve', async ({ ack, body, respond }) => {
    seen.payload.push(JSON.parse(JSON.stringify(body)));
    await ack();
    await respond({ replace_original: true, text: 'Granted 100 credits.' });
  });
  app.action('dismiss', async ({ ack, respond }) => {
    await ack();
    await respond({ delete_original: true });
  });
  app.action('tier', async ({ ack, body }) => {
    seen.payload.push(JSON.parse(JSON.stringify(body)));
    await ack();
  });
});

afterAll(() => both.close());

test('a button of an ephemeral message: no `message` in the payload, and the message is replaced', async () => {
  const { slack } = both;
  const sam = slack.as('sam');
  await sam.say('support', '/lucy credits grant');
  const preview = sam.lastMessage('support');
  const ack = await sam.click(preview, 'Approve');
  await slack.settled();
  expect(ack).toMatchObject({ status: 200, failure: null });
  const payload = seen.payload.at(-1);
  expect(payload).not.toHaveProperty('message');
  expect(payload).toMatchObject({
    container: { type: 'message', message_ts: preview.ts, channel_id: 'C0SUPPORT1', is_ephemeral: true },
    user: { id: sam.id, username: 'sam', team_id: 'T0LUCY0001' },
    actions: [{ type: 'button', action_id: 'approve', block_id: 'decide', value: 'run_1' }],
  });
  expect(sam.lastMessage('support')).toMatchObject({
    ts: preview.ts,
    reads: 'Granted 100 credits.',
    isEphemeral: true,
  });
});

test('delete_original takes the message away', async () => {
  const { slack } = both;
  const sam = slack.as('sam');
  await sam.say('support', '/lucy credits grant');
  const preview = sam.lastMessage('support');
  await sam.click(preview, 'dismiss');
  await slack.settled();
  expect(sam.messages('support').map((one) => one.ts)).not.toContain(preview.ts);
});

test('a button of a public message brings the message, the channel and the state along', async () => {
  const { slack, app } = both;
  const posted = await app.client.chat.postMessage({
    channel: '#lucy-approvals',
    text: 'Refund?',
    blocks: card('Refund €9?'),
  });
  const message = slack.as('bea').lastMessage('lucy-approvals');
  expect(posted.ts).toBe(message.ts);
  await slack.as('bea').select(message, 'tier', 'The pro tier');
  expect(seen.payload.at(-1)).toMatchObject({
    message: { ts: message.ts, bot_id: 'B0LUCY0001', text: 'Refund?' },
    channel: { id: 'C0APPROVE1', name: 'lucy-approvals' },
    actions: [{ type: 'static_select', selected_option: { value: 'pro' } }],
    state: { values: { decide: { tier: { type: 'static_select', selected_option: { value: 'pro' } } } } },
  });
  await slack.as('bea').click(message, 'approve');
  await slack.settled();
  expect(slack.as('sam').lastMessage('lucy-approvals').reads).toBe('Granted 100 credits.');
});

test('a response_url works five times within 30 minutes', async () => {
  const { slack } = both;
  await slack.as('sam').say('support', '/lucy x');
  const url = new URLSearchParams(slack.deliveries.at(-1)?.rawBody).get('response_url') ?? '';
  const send = (body: unknown) =>
    fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  expect((await send({ text: '' })).status).toBe(400);
  for (let use = 1; use <= 5; use += 1) expect((await send({ text: `answer ${use}` })).status).toBe(200);
  const sixth = await send({ text: 'answer 6' });
  expect(sixth.status).toBe(404);
  expect(await sixth.json()).toEqual({ ok: false, error: 'used_url' });
  now += 30 * 60_000 + 1;
  expect(await (await send({ text: 'too late' })).json()).toEqual({ ok: false, error: 'expired_url' });
});

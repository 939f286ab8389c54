import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBoth } from './bolt-side.ts';

let both: Awaited<ReturnType<typeof startBoth>>;

beforeAll(async () => {
  both = await startBoth({ ackTimeoutMs: 400 });
  both.app.command('/lucy', async ({ command, ack, client, respond }) => {
    const [word] = command.text.split(' ');
    if (word === 'text') return ack(`You said ${command.text}`);
    if (word === 'blocks') {
      return ack({
        response_type: 'in_channel',
        text: 'fallback',
        blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '*Hello* all' } }],
      });
    }
    if (word === 'wrong') {
      return ack({ blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '' } }], text: 'x' });
    }
    if (word === 'throw') throw new Error('nothing works today');
    if (word === 'sleep') return;
    await ack();
    if (word === 'later') await respond('here it is');
    if (word === 'post') await client.chat.postMessage({ channel: command.channel_id, text: 'posted' });
  });
});

afterAll(() => both.close());

test('an empty ack shows nothing', async () => {
  const sam = both.slack.as('sam');
  const before = sam.messages('#support').length;
  const ack = await sam.say('#support', '/lucy');
  expect(ack).toMatchObject({ status: 200, body: '', failure: null });
  expect(sam.messages('support')).toHaveLength(before);
});

test('a text in the ack is seen by this person alone', async () => {
  const { slack } = both;
  await slack.as('sam').say('support', '/lucy text <b> & more');
  const message = slack.as('sam').lastMessage('support');
  expect(message).toMatchObject({ text: 'You said text &lt;b&gt; &amp; more', isEphemeral: true });
  expect(
    slack
      .as('bea')
      .messages('support')
      .map((one) => one.ts),
  ).not.toContain(message.ts);
});

test('in_channel shows the command and the answer to all', async () => {
  await both.slack.as('sam').say('support', '/lucy blocks');
  const [command, answer] = both.slack.as('bea').messages('support').slice(-2);
  expect(command).toMatchObject({ user: both.slack.as('sam').id, text: '/lucy blocks', isEphemeral: false });
  expect(answer).toMatchObject({ reads: '*Hello* all', isEphemeral: false });
});

test('blocks that Slack refuses become Slackbot’s notice', async () => {
  const ack = await both.slack.as('sam').say('support', '/lucy wrong');
  expect(ack.failure).toBe('invalid_command_response');
  expect(both.slack.as('sam').lastMessage('support')).toMatchObject({
    user: 'USLACKBOT',
    text: '/lucy failed with the error "invalid_command_response"',
    isEphemeral: true,
  });
});

test('no ack in time is operation_timeout, an error is dispatch_failed', async () => {
  const sam = both.slack.as('sam');
  expect((await sam.say('support', '/lucy sleep')).failure).toBe('operation_timeout');
  expect(sam.lastMessage('support').text).toBe('/lucy failed with the error "operation_timeout"');
  expect(await sam.say('support', '/lucy throw')).toMatchObject({ failure: 'dispatch_failed', status: 500 });
});

test('an answer through the response_url comes later', async () => {
  const { slack } = both;
  await slack.as('sam').say('support', '/lucy later');
  await slack.settled();
  expect(slack.as('sam').lastMessage('support')).toMatchObject({ text: 'here it is', isEphemeral: true });
});

test('where Lucy is no member, the response_url works and chat.postMessage does not', async () => {
  const { slack } = both;
  await slack.as('sam').say('general', '/lucy later');
  await slack.settled();
  expect(slack.as('sam').lastMessage('general').text).toBe('here it is');
  await slack.as('sam').say('general', '/lucy post');
  await slack.settled();
  expect(slack.wire.entries().at(-1)?.response).toContain('not_in_channel');
});

test('commands do not exist in threads, and unknown ones are refused by Slack itself', async () => {
  const { slack } = both;
  const count = slack.deliveries.length;
  await slack.as('sam').say('support', 'hello');
  const { ts } = slack.as('sam').lastMessage('support');
  await slack.as('sam').say('support', '/lucy help', { threadTs: ts });
  expect(slack.as('sam').lastMessage('support')).toMatchObject({
    text: '/lucy is not supported in threads. Sorry!',
    threadTs: ts,
  });
  await slack.as('sam').say('support', '/lucie help');
  expect(slack.as('sam').lastMessage('support').text).toContain('/lucie is not a valid command.');
  expect(slack.deliveries).toHaveLength(count);
});

test('the form has Slack’s fields', async () => {
  await both.slack.as('gus').say('support', '/lucy a@b.example');
  const fields = Object.fromEntries(new URLSearchParams(both.slack.deliveries.at(-1)?.rawBody));
  expect(fields).toMatchObject({
    command: '/lucy',
    text: 'a@b.example',
    user_id: 'U0GUS00001',
    user_name: 'gus',
    channel_id: 'C0SUPPORT1',
    channel_name: 'support',
    team_id: 'T0LUCY0001',
    is_enterprise_install: 'false',
  });
  expect(Object.keys(fields)).not.toContain('thread_ts');
});

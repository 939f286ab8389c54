import { afterAll, beforeAll, expect, test } from 'vitest';
import { actions, button } from './block-samples.ts';
import { refusalOf, startBoth } from './bolt-side.ts';

let both: Awaited<ReturnType<typeof startBoth>>;

beforeAll(async () => {
  both = await startBoth();
});

afterAll(() => both.close());

test('chat.update: text alone deletes the blocks; others’ messages and ephemerals cannot be updated', async () => {
  const { slack, app } = both;
  const { ts = '' } = await app.client.chat.postMessage({
    channel: 'C0SUPPORT1',
    text: 'a',
    blocks: [actions(button())],
  });
  await app.client.chat.update({ channel: 'C0SUPPORT1', ts, text: 'done' });
  expect(slack.as('sam').lastMessage('support')).toMatchObject({ ts, text: 'done', reads: 'done' });
  await slack.as('sam').say('support', 'mine');
  const mine = slack.as('sam').lastMessage('support');
  const update = (channel: string, at: string, text = 'x') =>
    app.client.chat.update({ channel, ts: at, text });
  expect(await refusalOf(update('C0SUPPORT1', mine.ts))).toMatchObject({ error: 'cant_update_message' });
  const shown = await app.client.chat.postEphemeral({
    channel: 'C0SUPPORT1',
    user: slack.as('sam').id,
    text: 'psst',
  });
  expect(await refusalOf(update('C0SUPPORT1', shown.message_ts ?? ''))).toMatchObject({
    error: 'cant_update_message',
  });
  expect(await refusalOf(update('#support', ts))).toMatchObject({ error: 'channel_not_found' });
  expect(await refusalOf(update('C0SUPPORT1', '1.2'))).toMatchObject({ error: 'message_not_found' });
  expect(await refusalOf(update('C0SUPPORT1', ts, 'x'.repeat(4001)))).toMatchObject({
    error: 'msg_too_long',
  });
});

test('a DM, a thread, a permalink, a deletion', async () => {
  const { slack, app } = both;
  const sam = slack.as('sam');
  const posted = await app.client.chat.postMessage({ channel: sam.id, text: 'for you' });
  expect(posted.channel).toBe(sam.dmId);
  expect(sam.dm().at(-1)?.text).toBe('for you');
  expect(() => slack.as('bea').messages(sam.dmId)).toThrow('Bea is not in');
  const thread = await app.client.chat.postMessage({
    channel: sam.dmId,
    text: 'more',
    thread_ts: posted.ts ?? '',
  });
  expect(sam.dm().at(-2)?.replyCount).toBe(1);
  const link = await app.client.chat.getPermalink({ channel: sam.dmId, message_ts: thread.ts ?? '' });
  expect(link.permalink).toMatch(
    /^https:\/\/lucy-sandbox\.slack\.com\/archives\/D0SAM00001\/p\d+\?thread_ts=/,
  );
  await app.client.chat.delete({ channel: sam.dmId, ts: thread.ts ?? '' });
  expect(sam.dm().at(-1)?.text).toBe('for you');
});

test('refusals of chat.postMessage and chat.postEphemeral', async () => {
  const { slack, app } = both;
  const post = (args: Record<string, unknown>) => refusalOf(app.client.apiCall('chat.postMessage', args));
  slack.addChannel({ name: 'secret', isPrivate: true });
  slack.addChannel({ name: 'old', hasBot: true });
  slack.archiveChannel('old');
  expect(await post({ channel: 'nowhere', text: 'x' })).toMatchObject({ error: 'channel_not_found' });
  expect(await post({ channel: 'secret', text: 'x' })).toMatchObject({ error: 'channel_not_found' });
  expect(await post({ channel: 'general', text: 'x' })).toMatchObject({ error: 'not_in_channel' });
  expect(await post({ channel: '#old', text: 'x' })).toMatchObject({ error: 'is_archived' });
  expect(await post({ channel: '#support' })).toMatchObject({ error: 'no_text' });
  expect(await post({ channel: '#support', blocks: '[{' })).toMatchObject({ error: 'invalid_blocks_format' });
  expect(
    await refusalOf(
      app.client.chat.postEphemeral({ channel: 'lucy-billing', user: 'U0GUS00001', text: 'x' }),
    ),
  ).toMatchObject({ error: 'user_not_in_channel' });
  expect(await refusalOf(app.client.apiCall('chat.dance'))).toMatchObject({ error: 'unknown_method' });
  expect(await refusalOf(app.client.auth.test({ token: 'xoxb-other' }))).toMatchObject({
    error: 'invalid_auth',
  });
  const bare = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST' });
  expect(await bare.json()).toMatchObject({ ok: false, error: 'not_authed' });
});

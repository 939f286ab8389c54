import { expect, onTestFinished, test } from 'vitest';
import { startLocalSlack } from '#sandbox/slack/start-local-slack.ts';
import { defaultScopes } from '#sandbox/slack/web-api/scopes.ts';

/** conversations.*, pins.add and users.conversations refuse what Slack’s pages of these methods say. */
async function localSlack(scopes: readonly string[] = defaultScopes) {
  const slack = await startLocalSlack({
    signingSecret: 'local-signing-secret',
    botToken: 'xoxb-local',
    eventsUrl: () => 'http://127.0.0.1:9/',
    scopes,
    subscriptions: [],
  });
  onTestFinished(() => slack.close());
  const call = async (method: string, args: Record<string, unknown> = {}) => {
    const answer = await fetch(`${slack.apiUrl}${method}`, {
      method: 'POST',
      headers: { authorization: 'Bearer xoxb-local', 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(args),
    });
    return (await answer.json()) as { ok: boolean; error?: string; channel?: { id: string } };
  };
  const room = async (name: string, more: Record<string, unknown> = {}) =>
    (await call('conversations.create', { name, ...more })).channel?.id ?? '';
  return { slack, call, room };
}

test.each([
  ['', 'invalid_name_required'],
  ['a'.repeat(81), 'invalid_name_maxlength'],
  ['---', 'invalid_name_punctuation'],
  ['Loud', 'invalid_name_specials'],
  ['two words', 'invalid_name_specials'],
  ['support', 'name_taken'],
])('a channel called “%s” is refused: %s', async (name, error) => {
  const { call } = await localSlack();
  expect(await call('conversations.create', { name })).toMatchObject({ ok: false, error });
});

test('whoever makes a channel is in it alone; invitations refuse by name', async () => {
  const { slack, call, room } = await localSlack();
  const channel = await room('inc-1');
  expect(() => slack.as('olu').messages('inc-1')).toThrow(/not in/);
  const invite = (users: string) => call('conversations.invite', { channel, users });

  expect(await invite('U0OLU00001')).toMatchObject({ ok: true });
  expect(await invite('U0OLU00001')).toMatchObject({ error: 'already_in_channel' });
  expect(await invite('U0LUCYBOT1')).toMatchObject({ error: 'cant_invite_self' });
  expect(await invite('U0NOBODY01')).toMatchObject({ error: 'user_not_found' });
  expect(await invite('')).toMatchObject({ error: 'no_user' });
  slack.setUser('bo', { deleted: true });
  slack.setUser('gus', { is_ultra_restricted: true });
  expect(await invite('U0BO000001')).toMatchObject({ error: 'cant_invite' });
  expect(await invite('U0GUS00001')).toMatchObject({ error: 'ura_max_channels' });
  expect(await invite('U0ADA00001,U0NOBODY01')).toMatchObject({
    error: 'user_not_found',
    errors: [{ user: 'U0NOBODY01', ok: false, error: 'user_not_found' }],
  });
  expect(await call('conversations.invite', { channel: 'C0GENERAL1', users: 'U0OLU00001' })).toMatchObject({
    error: 'not_in_channel',
  });
});

test('what is archived is left by who did it, and no bot brings it back', async () => {
  const { slack, call, room } = await localSlack();
  const channel = await room('inc-1');
  expect(await call('conversations.unarchive', { channel })).toMatchObject({ error: 'not_archived' });
  expect(await call('conversations.archive', { channel })).toMatchObject({ ok: true });
  expect(await call('conversations.archive', { channel })).toMatchObject({ error: 'already_archived' });
  expect(await call('conversations.unarchive', { channel })).toMatchObject({ error: 'not_in_channel' });
  expect(await call('conversations.setTopic', { channel, topic: 'x' })).toMatchObject({
    error: 'is_archived',
  });
  expect(await call('chat.postMessage', { channel, text: 'x' })).toMatchObject({ error: 'is_archived' });
  expect(await call('conversations.create', { name: 'inc-1' })).toMatchObject({ error: 'name_taken' });
  slack.inviteBot('general');
  expect(await call('conversations.archive', { channel: 'C0GENERAL1' })).toMatchObject({
    error: 'cant_archive_general',
  });
});

test('topics, pins and the list of one’s own channels', async () => {
  const { call, room } = await localSlack();
  const channel = await room('inc-1');
  expect(await call('conversations.setTopic', { channel, topic: 'x'.repeat(251) })).toMatchObject({
    error: 'too_long',
  });
  expect(await call('conversations.setTopic', { channel, topic: 'INC-1' })).toMatchObject({
    channel: { topic: { value: 'INC-1' } },
  });
  const posted = (await call('chat.postMessage', { channel, text: 'card' })) as { ts?: string };
  const pin = (timestamp: unknown) => call('pins.add', { channel, timestamp });
  expect(await pin('')).toMatchObject({ error: 'no_item_specified' });
  expect(await pin('soon')).toMatchObject({ error: 'bad_timestamp' });
  expect(await pin('1.000001')).toMatchObject({ error: 'message_not_found' });
  expect(await pin(posted.ts)).toMatchObject({ ok: true });
  expect(await pin(posted.ts)).toMatchObject({ error: 'already_pinned' });
  expect(await call('pins.add', { channel: 'C0NOWHERE1', timestamp: posted.ts })).toMatchObject({
    error: 'channel_not_found',
  });
  expect(await call('users.conversations', { types: 'public_channel' })).toMatchObject({
    channels: expect.arrayContaining([expect.objectContaining({ id: channel, creator: 'U0LUCYBOT1' })]),
  });
});

test('private channels need a scope of their own', async () => {
  const { call } = await localSlack(defaultScopes.filter((scope) => scope !== 'groups:write'));
  expect(await call('conversations.create', { name: 'open' })).toMatchObject({ ok: true });
  expect(await call('conversations.create', { name: 'closed', is_private: true })).toMatchObject({
    error: 'missing_scope',
    needed: 'groups:write',
  });
});

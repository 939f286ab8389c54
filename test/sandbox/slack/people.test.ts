import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusalOf, startBoth } from './bolt-side.ts';

let both: Awaited<ReturnType<typeof startBoth>>;
const seen: Record<string, unknown>[] = [];

beforeAll(async () => {
  both = await startBoth();
  both.app.action('approve', async ({ ack, body }) => {
    seen.push(JSON.parse(JSON.stringify(body)));
    await ack();
  });
  both.app.options('customer', async ({ ack, body }) => {
    seen.push(JSON.parse(JSON.stringify(body)));
    if (body.value === 'wrong')
      return ack({ options: [{ text: { type: 'plain_text', text: '' }, value: '' }] });
    await ack({
      options: [{ text: { type: 'plain_text', text: `${body.value}@firm.com` }, value: 'cus_1' }],
    });
  });
  both.app.action('customer', ({ ack }) => ack());
  both.app.shortcut('diagnose', async ({ ack, body }) => {
    seen.push(JSON.parse(JSON.stringify(body)));
    await ack();
  });
});

afterAll(() => both.close());

test('users.info and lookupByEmail', async () => {
  const { slack, app } = both;
  const { user } = await app.client.users.info({ user: 'U0GUS00001' });
  expect(user).toMatchObject({
    name: 'gus',
    is_restricted: true,
    is_ultra_restricted: false,
    deleted: false,
  });
  expect(user?.profile?.email).toBe('gus@lucy.example');
  const found = await app.client.users.lookupByEmail({ email: 'SAM@lucy.example' });
  expect(found.user?.id).toBe('U0SAM00001');
  slack.setUser('sam', { deleted: true });
  expect(await refusalOf(app.client.users.lookupByEmail({ email: 'sam@lucy.example' }))).toMatchObject({
    error: 'users_not_found',
  });
  slack.setUser('sam', { deleted: false });
  expect(await refusalOf(app.client.users.info({ user: 'U0NOBODY' }))).toMatchObject({
    error: 'user_not_found',
  });
});

test('user groups, disabled ones only when asked for', async () => {
  const { slack, app } = both;
  const { users } = await app.client.usergroups.users.list({ usergroup: 'S0BILLING1' });
  expect(users).toEqual(['U0BEA00001', 'U0BO000001']);
  slack.setGroupDisabled('oncall', true);
  const listed = await app.client.usergroups.list({ include_users: true });
  expect(listed.usergroups?.map((group) => group.handle)).toEqual(['support', 'billing', 'admins']);
  const all = await app.client.usergroups.list({ include_disabled: true });
  expect(all.usergroups?.find((group) => group.handle === 'oncall')?.date_delete).toBeGreaterThan(0);
});

test('conversations: list in pages, info, members, join, open', async () => {
  const { app } = both;
  const first = await app.client.conversations.list({ limit: 3 });
  const second = await app.client.conversations.list({
    limit: 100,
    cursor: first.response_metadata?.next_cursor ?? '',
  });
  expect([...(first.channels ?? []), ...(second.channels ?? [])].map((channel) => channel.name)).toContain(
    'incidents',
  );
  expect((await app.client.conversations.info({ channel: 'C0GENERAL1' })).channel?.is_member).toBe(false);
  await app.client.conversations.join({ channel: 'C0GENERAL1' });
  expect((await app.client.conversations.members({ channel: 'C0GENERAL1' })).members).toContain('U0LUCYBOT1');
  expect((await app.client.conversations.open({ users: 'U0BEA00001' })).channel?.id).toBe('D0BEA00001');
});

test('a token does only what its scopes say', async () => {
  const poor = await startBoth({ scopes: ['chat:write', 'chat:write.public'] });
  expect(await refusalOf(poor.app.client.usergroups.list())).toMatchObject({
    error: 'missing_scope',
    needed: 'usergroups:read',
  });
  await poor.app.client.chat.postMessage({ channel: '#general', text: 'public write' });
  expect(poor.slack.as('sam').lastMessage('general').text).toBe('public write');
  await poor.close();
});

test('someone of another workspace clicks with their own team, and has no slash commands of ours', async () => {
  const { slack, app } = both;
  const id = slack.addPerson({ handle: 'eve', channels: ['support'], flags: { team_id: 'T0OTHER001' } });
  await app.client.chat.postMessage({
    channel: '#support',
    text: 'x',
    blocks: [
      {
        type: 'actions',
        elements: [{ type: 'button', action_id: 'approve', text: { type: 'plain_text', text: 'Approve' } }],
      },
    ],
  });
  const eve = slack.as('eve');
  await eve.click(eve.lastMessage('support'), 'Approve');
  expect(seen.at(-1)).toMatchObject({ team: { id: 'T0OTHER001' }, user: { id, team_id: 'T0OTHER001' } });
  expect((await eve.say('support', '/lucy help')).failure).toBe('not_a_command');
  expect((await app.client.users.info({ user: id })).user).toMatchObject({
    is_stranger: true,
    team_id: 'T0OTHER001',
  });
});

test('an external select asks from its least length on, and refuses options that Slack refuses', async () => {
  const { slack, app } = both;
  await app.client.chat.postMessage({
    channel: '#support',
    text: 'x',
    blocks: [
      {
        type: 'section',
        text: { type: 'plain_text', text: 'Who?' },
        accessory: { type: 'external_select', action_id: 'customer', min_query_length: 2 },
      },
    ],
  });
  const sam = slack.as('sam');
  const message = sam.lastMessage('support');
  expect(await sam.suggest(message, 'customer', 's')).toMatchObject({
    options: [],
    ack: { deliveryId: null },
  });
  const { options } = await sam.suggest(message, 'customer', 'sofia');
  expect(options).toEqual([{ text: { type: 'plain_text', text: 'sofia@firm.com' }, value: 'cus_1' }]);
  expect(seen.at(-1)).toMatchObject({ type: 'block_suggestion', action_id: 'customer', value: 'sofia' });
  expect((await sam.suggest(message, 'customer', 'wrong')).ack.failure).toBe('invalid_response');
  expect(await sam.select(message, 'customer', options[0] ?? null)).toMatchObject({ status: 200 });
});

test('shortcuts, of a message and of none', async () => {
  const sam = both.slack.as('sam');
  await sam.say('support', 'my credits are gone');
  const message = sam.lastMessage('support');
  await sam.shortcut('diagnose', message);
  expect(seen.at(-1)).toMatchObject({
    type: 'message_action',
    message_ts: message.ts,
    message: { text: message.text },
  });
  await sam.shortcut('diagnose');
  expect(seen.at(-1)).toMatchObject({ type: 'shortcut', callback_id: 'diagnose' });
  expect(seen.at(-1)).not.toHaveProperty('channel');
});

test('a wrong name is answered with what there is', () => {
  const sam = both.slack.as('sam');
  expect(() => both.slack.as('nobody')).toThrow('There is nobody called nobody');
  expect(() => sam.messages('nowhere')).toThrow('There is no channel nowhere');
  expect(() => sam.submit()).toThrow('Sam has no modal open');
});

import { expect, test } from 'vitest';
import { workspace } from '#sandbox/cast.ts';
import { type SlackWorld, seen, slackWorld } from '#test/world/slack-world.ts';

const grant = '/lucy credits grant sofia@firm.com 100 --reason "lost upload"';

async function withSofia(): Promise<SlackWorld> {
  const world = await slackWorld();
  await world.given('customer add sofia@firm.com');
  return world;
}

async function refusals(world: SlackWorld) {
  return world.database.knex('audit_events').where({ outcome: 'refused', surface: 'slack' });
}

test.each([
  ['a guest', { is_restricted: true }, 'Guests of this workspace cannot use Lucy.'],
  ['a single-channel guest', { is_ultra_restricted: true }, 'Guests of this workspace cannot use Lucy.'],
  ['a bot', { is_bot: true }, 'Lucy takes commands from people only'],
  ['a deactivated account', { deleted: true }, 'This Slack account is deactivated.'],
  ['a stranger', { is_stranger: true }, 'You belong to another workspace'],
])('%s is refused whatever they ask, and the attempt is audited', async (_who, flags, sentence) => {
  const world = await withSofia();
  const sam = world.slack.as('sam');
  world.slack.setUser('sam', flags);

  await sam.say('support', grant);
  expect(sam.lastMessage('support').reads).toContain(sentence);
  await sam.say('support', '/lucy');
  expect(sam.lastMessage('support').reads).toContain(sentence);

  expect(await refusals(world)).toMatchObject([
    { command: 'credits grant', actor_id: 'slack:U0SAM00001' },
    { command: 'menu' },
  ]);
  expect(await world.database.knex('runs').where({ surface: 'slack' })).toEqual([]);
});

test('a button in a shared channel does nothing for somebody of another workspace', async () => {
  const world = await withSofia();
  world.slack.addPerson({ handle: 'eve', flags: { team_id: 'T0OTHER001' }, channels: ['support'] });
  const sam = world.slack.as('sam');
  const eve = world.slack.as('eve');
  await sam.say('support', '/lucy customer show sofia@firm.com');
  await sam.click({ channel: 'support', ts: sam.lastMessage('support').ts }, 'Share to channel');
  await seen(world, 'eve', 'support', 'Shared by Sam');

  await eve.click({ channel: 'support', ts: eve.lastMessage('support').ts }, 'Grant credits');

  await seen(world, 'eve', 'support', 'You belong to another workspace');
  expect(eve.modal()).toBeNull();
  expect(await refusals(world)).toMatchObject([{ command: 'credits grant', actor_name: 'eve' }]);
});

test('a request that names another workspace is refused, whoever the member is', async () => {
  const world = await withSofia();

  const answer = await world.slack.signedRequest({
    body: new URLSearchParams({
      command: '/lucy',
      text: grant.slice('/lucy '.length),
      user_id: world.slack.as('sam').id,
      team_id: 'T0OTHER001',
      trigger_id: '1.2.other',
    }).toString(),
  });

  expect(answer.response?.body).toContain('You belong to another workspace');
});

test('a member that Slack does not know is refused', async () => {
  const world = await withSofia();

  const answer = await world.slack.signedRequest({
    body: new URLSearchParams({
      command: '/lucy',
      text: 'customer show sofia@firm.com',
      user_id: 'U0NOBODY01',
      team_id: workspace.teamId,
      trigger_id: '1.2.nobody',
    }).toString(),
  });

  expect(answer.response?.body).toContain('You belong to another workspace');
});

test('a full member without a role is told whom to ask, and the attempt is audited', async () => {
  const world = await withSofia();
  world.slack.addPerson({ handle: 'new', channels: ['support'] });
  const newcomer = world.slack.as('new');

  await newcomer.say('support', grant);

  expect(newcomer.lastMessage('support').reads).toContain('needs the role support or billing');
  expect(await refusals(world)).toMatchObject([{ command: 'credits grant' }]);
});

test('a form does not open for somebody who may not use it', async () => {
  const world = await withSofia();
  const olu = world.slack.as('olu');

  await olu.say('support', '/lucy credits grant');

  expect(olu.modal()).toBeNull();
  expect(olu.lastMessage('support').reads).toContain(
    'needs the role support or billing, and you have oncall',
  );
});

test('leaving the user group counts at once', async () => {
  const world = await withSofia();
  const sam = world.slack.as('sam');
  await sam.say('support', grant);
  const { ts } = sam.lastMessage('support');

  await world.slack.setGroupMembers('support', []);
  await sam.click({ channel: 'support', ts }, 'Grant 100 credits');
  await seen(world, 'sam', 'support', 'you have no role yet');
  expect(await world.database.knex('credit_entries')).toEqual([]);
});

test('a disabled user group grants nothing, and who was remembered is read again before value moves', async () => {
  const world = await withSofia();
  const sam = world.slack.as('sam');
  await sam.say('support', grant);
  const { ts } = sam.lastMessage('support');

  world.slack.setGroupDisabled('support', true);
  await sam.click({ channel: 'support', ts }, 'Grant 100 credits');
  await seen(world, 'sam', 'support', 'you have no role yet');
  expect(await world.database.knex('credit_entries')).toEqual([]);
});

test('somebody who was deactivated since the preview cannot confirm it', async () => {
  const world = await withSofia();
  const sam = world.slack.as('sam');
  await sam.say('support', grant);
  const { ts } = sam.lastMessage('support');

  world.slack.setUser('sam', { deleted: true });
  await sam.click({ channel: 'support', ts }, 'Grant 100 credits');
  await seen(world, 'sam', 'support', 'This Slack account is deactivated.');
  expect(await world.database.knex('credit_entries')).toEqual([]);
});

test('somebody else cannot confirm a preview that is not theirs', async () => {
  const world = await withSofia();
  const sam = world.slack.as('sam');
  await sam.say('support', grant);
  const { ts } = sam.lastMessage('support');
  await sam.click({ channel: 'support', ts }, 'Cancel');
  const click = world.slack.deliveries.findLast((one) => one.kind === 'block_actions');
  const payload = JSON.parse(new URLSearchParams(click?.rawBody).get('payload') ?? '{}');
  await sam.say('support', grant);
  const run = await world.database.knex('runs').where({ state: 'planned' }).first();
  const forged = {
    ...payload,
    trigger_id: '1.2.bea',
    user: { ...payload.user, id: world.slack.as('bea').id },
    actions: [{ ...payload.actions[0], action_id: 'confirm:0', value: run.id }],
  };

  await world.slack.signedRequest({ body: `payload=${encodeURIComponent(JSON.stringify(forged))}` });

  await expect.poll(() => refusals(world)).toMatchObject([{ actor_id: 'slack:U0BEA00001' }]);
  expect(await world.database.knex('credit_entries')).toEqual([]);
});

test('when Slack cannot say who asks, nothing is changed and the preview can be confirmed later', async () => {
  const world = await withSofia();
  const sam = world.slack.as('sam');
  await sam.say('support', grant);
  const at = { channel: 'support', ts: sam.lastMessage('support').ts };

  world.slack.faults.add({ method: 'users.info', kind: 'http_500', times: 1 });
  await sam.click(at, 'Grant 100 credits');
  await seen(world, 'sam', 'support', 'Slack did not tell Lucy who you are');
  expect(await world.database.knex('credit_entries')).toEqual([]);

  await sam.click(at, 'Try again');
  await seen(world, 'sam', 'support', '100 credits granted');
  expect(await world.database.knex('credit_entries')).toHaveLength(1);
});

test('what Slack said of a member is remembered for a minute and not longer', async () => {
  const world = await withSofia();
  const sam = world.slack.as('sam');
  const asks = () => world.slack.wire.entries().filter((entry) => /users\.info/.test(entry.label)).length;

  await sam.say('support', '/lucy customer show sofia@firm.com');
  await sam.say('support', '/lucy customer show sofia@firm.com');
  const within = asks();
  world.clock.advance(60_000);
  await sam.say('support', '/lucy customer show sofia@firm.com');

  expect([within, asks()]).toEqual([1, 2]);
});

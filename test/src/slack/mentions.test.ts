import { expect, test } from 'vitest';
import { lineOf } from '#src/slack/take-mention.ts';
import { answered } from '#test/world/answered.ts';
import { roomsWorld } from '#test/world/rooms-world.ts';
import { seen } from '#test/world/slack-world.ts';

test.each([
  ['<@U0LUCYBOT1> customer show <mailto:sofia@firm.com|sofia@firm.com>', 'customer show sofia@firm.com'],
  ['hey <@U0LUCYBOT1>: status', 'status'],
  ['<@U0LUCYBOT1|lucy> /lucy incident note “down &amp; up”', 'incident note “down & up”'],
  ['<@U0SAM00001> ask <@U0LUCYBOT1>', ''],
  ['<@U0LUCYBOT1>', ''],
])('%s is read as “%s”', (text, line) => {
  expect(lineOf(text, 'U0LUCYBOT1')).toBe(line);
});

test('the same words work in a thread, answered there for whoever asked alone', async () => {
  const world = await roomsWorld();
  await world.given('customer add sofia@firm.com --name Sofia');
  const sam = world.slack.as('sam');
  await sam.say('support', 'Sofia cannot log in');
  const root = sam.lastMessage('support').ts;

  await sam.say('support', '@lucy customer show sofia@firm.com', { threadTs: root });
  const answer = await seen(world, 'sam', 'support', 'Tier');
  expect(answer).toMatchObject({ threadTs: root, isEphemeral: true });
  expect(answer.reads).toContain('sofia@firm.com');
  expect(world.slack.as('bea').lastMessage('support').reads).not.toContain('Tier');

  await sam.say('support', '@lucy credits grant sofia@firm.com 5 --reason "lost upload"', { threadTs: root });
  await sam.click(await seen(world, 'sam', 'support', 'Grant 5 credits'), 'Grant 5 credits');
  const receipt = await seen(world, 'sam', 'support', '5 credits granted to sofia@firm.com');
  expect(receipt).toMatchObject({ threadTs: root, isEphemeral: true });

  await sam.say('support', '@lucy custmer show sofia@firm.com', { threadTs: root });
  await seen(world, 'sam', 'support', 'customer show');
});

test('a form cannot open for a message: the button that opens it keeps what was typed', async () => {
  const world = await roomsWorld();
  await world.given('customer add sofia@firm.com');
  const sam = world.slack.as('sam');
  await sam.say('support', '@lucy credits grant sofia@firm.com 5');
  await seen(world, 'sam', 'support', 'A few things are missing for “credits grant”.');

  await sam.click(sam.lastMessage('support'), 'Open the form');
  await world.slack.waitFor(() => sam.modal());
  expect(sam.modal()?.filled).toMatchObject({ 'input:count': '5', 'input:email': 'sofia@firm.com' });
});

test('@lucy alone shows the menu, and its buttons answer in the thread, too', async () => {
  const world = await roomsWorld();
  const sam = world.slack.as('sam');
  await sam.say('support', 'hello');
  const root = sam.lastMessage('support').ts;
  await sam.say('support', '@lucy', { threadTs: root });
  await seen(world, 'sam', 'support', 'What shall I do?');

  const [, noun = ''] = /\[(Approval \(\d+\))\]/.exec(sam.lastMessage('support').reads) ?? [];
  await sam.click(sam.lastMessage('support'), noun);
  expect(await seen(world, 'sam', 'support', 'approval show')).toMatchObject({
    threadTs: root,
    isEphemeral: true,
  });
});

test('delivered again, a mention is answered once; two processes do not both take it', async () => {
  const world = await roomsWorld();
  const sam = world.slack.as('sam');
  const { deliveryId } = await sam.say('support', '@lucy whoami');
  await seen(world, 'sam', 'support', 'You are Sam');
  const other = await world.another();
  await world.slack.replay(deliveryId ?? '');
  world.moveTo(other.eventsUrl);
  await world.slack.replay(deliveryId ?? '');
  await world.slack.settled();

  const answers = sam.messages('support').filter(({ reads }) => reads.includes('You are Sam'));
  expect(answers).toHaveLength(1);
});

test('guests, bots and people of other workspaces are refused, and that is written down', async () => {
  const world = await roomsWorld();
  const gus = world.slack.as('gus');
  await gus.say('support', '@lucy status');
  await seen(world, 'gus', 'support', 'Guests of this workspace cannot use Lucy.');
  const stranger = world.slack.addPerson({
    handle: 'sly',
    flags: { team_id: 'T0OTHER001' },
    channels: ['support'],
  });
  await world.slack.as(stranger).say('support', '@lucy status');
  await seen(world, stranger, 'support', 'another workspace');

  const bot = world.slack.addPerson({ handle: 'robot', flags: { is_bot: true }, channels: ['support'] });
  const before = world.slack.posts.length;
  const event = {
    type: 'app_mention',
    user: bot,
    bot_id: 'B0ROBOT001',
    text: '<@U0LUCYBOT1> status',
    channel: 'C0SUPPORT1',
    ts: '1.000001',
  };
  await answered(world, () => world.slack.sendEvent(event));
  // Two bots that answer each other never stop.
  expect(world.slack.posts).toHaveLength(before);
  const refused = await world.database.knex('audit_events').where({ outcome: 'refused' });
  expect(refused.map((row) => row.actor_id).sort()).toEqual(
    [`slack:${bot}`, `slack:${stranger}`, 'slack:U0GUS00001'].sort(),
  );
});

test('where Slack takes no answer for one person, it goes to the direct messages', async () => {
  const world = await roomsWorld();
  world.slack.faults.add({ method: 'chat.postEphemeral', kind: 'error', error: 'user_not_in_channel' });
  const sam = world.slack.as('sam');
  await sam.say('support', '@lucy whoami');
  await world.slack.waitFor(() => sam.dm().at(-1)?.reads.includes('You are Sam'));
});

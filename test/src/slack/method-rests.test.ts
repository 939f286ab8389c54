import { expect, test } from 'vitest';
import { createRenderCard } from '#src/cards.ts';
import { deliverDue } from '#src/outbox/deliver.ts';
import { createMethodRests } from '#src/slack/method-rests.ts';
import { roomsWorld } from '#test/world/rooms-world.ts';
import { type SlackWorld, slackWorld } from '#test/world/slack-world.ts';
import { feed, told } from '#test/world/told.ts';

const tooFast = (method: string, retryAfterSeconds = 30) => ({
  method,
  kind: 'rate_limited' as const,
  retryAfterSeconds,
  times: 1,
});
const asked = (world: SlackWorld, method: string) =>
  world.slack.wire.entries().filter(({ label }) => label.includes(method)).length;

test('“too fast” is of the method in the workspace: posts into every channel wait, in every process, until Slack’s moment', async () => {
  const world = await slackWorld();
  const other = await world.another();
  const { database, clock } = world;
  const renderCard = createRenderCard(world.runner.settings);
  const deps = { database, clock, log: world.runner.log, renderCard, announcer: other.surface.announcer };
  await told(world, 'one');
  world.slack.faults.add(tooFast('chat.postMessage'));
  await world.pump();
  const calls = asked(world, 'chat.postMessage');

  await told(world, 'elsewhere', 'billing');
  await told(world, 'for sam', 'user:U0SAM00001');
  for (let second = 0; second < 28; second += 4) {
    await deliverDue(deps);
    await world.pump();
    clock.advance(4_000);
  }
  expect(asked(world, 'chat.postMessage')).toBe(calls);
  expect(feed(world, 'lucy-billing')).toEqual([]);

  // What waited comes back over some seconds, so that it is not too fast at once.
  clock.advance(6_000);
  await deliverDue(deps);
  await world.pumpAll();
  expect(feed(world)).toEqual(['one']);
  expect(feed(world, 'lucy-billing')).toEqual(['elsewhere']);
  expect(world.slack.as('sam').dm()).toHaveLength(1);
  expect(asked(world, 'chat.postMessage')).toBe(calls + 3);
});

test('while posts rest, cards are edited', async () => {
  const world = await slackWorld();
  await world.given('incident declare "checkout is down" --severity sev1');
  await world.pumpAll();
  await told(world, 'one');
  world.slack.faults.add(tooFast('chat.postMessage', 60));
  await world.pump();

  await world.given('incident note "Stripe answers again" --incident INC-1');
  world.clock.advance(2_000);
  await world.pump();

  expect(world.slack.messages('incidents')[0]?.reads).toContain('Stripe answers again');
  expect(feed(world)).toEqual([]);
});

test('rooms: while making channels rests no other room asks for one, and nothing else waits for it', async () => {
  const world = await roomsWorld();
  await world.does('olu', 'incident declare "checkout is down" --severity sev1');
  world.slack.faults.add(tooFast('conversations.create', 60));
  await world.look();
  await world.does('olu', 'incident declare "mail is down" --severity sev2');
  await world.look();
  await world.look();
  expect(asked(world, 'conversations.create')).toBe(1);

  world.clock.advance(64_000);
  await world.work();
  const rooms = await world.database.knex('incident_rooms').orderBy('incident_id').pluck('name');
  expect(rooms).toEqual(['inc-1-checkout-is-down', 'inc-2-mail-is-down']);
});

test('of two moments the later one holds, and a rest that is over holds nobody up', async () => {
  const world = await slackWorld();
  const { database, clock } = world;
  const rests = createMethodRests({ database, clock, log: world.runner.log }, () => 0);
  await told(world, 'one');
  world.slack.faults.add(tooFast('chat.postMessage', 60));
  await world.pump();
  await told(world, 'two', 'billing');
  world.slack.faults.add(tooFast('chat.postMessage', 5));
  await world.pump();

  expect(await rests.leftMs('chat.postMessage')).toBe(60_000);
  expect(await rests.leftMs('chat.update')).toBe(0);
  clock.advance(60_000);
  expect(await rests.leftMs('chat.postMessage')).toBe(0);
});

test('the user groups are not read for the terminal while Slack wants that to rest; whoever confirms still asks', async () => {
  const world = await slackWorld();
  world.slack.faults.add(tooFast('usergroups.list'));
  await world.surface.refreshGroups();
  const calls = asked(world, 'usergroups.list');
  await world.surface.refreshGroups();
  expect(asked(world, 'usergroups.list')).toBe(calls);

  const sam = world.slack.as('sam');
  await sam.say('support', '/lucy whoami');
  await world.slack.settled();
  expect(asked(world, 'usergroups.list')).toBe(calls + 1);
  expect(sam.lastMessage('support').reads).toContain('support');
});

test('whoever meets Slack’s limit themselves reads when to try again', async () => {
  const world = await slackWorld();
  world.slack.faults.add(tooFast('usergroups.list', 20));
  const sam = world.slack.as('sam');
  await sam.say('support', '/lucy whoami');
  await world.slack.settled();
  expect(sam.lastMessage('support').reads).toContain(
    'because too much was asked of it, so nothing was changed',
  );
  expect(sam.lastMessage('support').reads).toContain('Try again in 20 seconds.');
});

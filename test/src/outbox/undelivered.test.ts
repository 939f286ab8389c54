import { expect, test } from 'vitest';
import { createRenderCard } from '#src/cards.ts';
import { readStuckPosts } from '#src/outbox/health.ts';
import { reconcileCards } from '#src/outbox/post-card.ts';
import { slackWorld } from '#test/world/slack-world.ts';
import { feed, outboxRows, told } from '#test/world/told.ts';

test('a channel without Lucy keeps its messages, a human learns what to do, and the others flow', async () => {
  const world = await slackWorld();
  world.slack.removeBot('lucy-entitlements');
  await told(world, 'one');
  await told(world, 'two');
  await told(world, 'elsewhere', 'billing');
  for (let look = 0; look < 8; look++) {
    await world.pump();
    world.clock.advance(61_000);
  }

  expect(feed(world, 'lucy-billing')).toEqual(['elsewhere']);
  const notices = world.slack.messages('lucy-oncall');
  expect(notices).toHaveLength(1);
  expect(notices[0]?.reads).toContain(
    'Messages to #lucy-entitlements do not arrive: Slack says not_in_channel.',
  );
  expect(notices[0]?.reads).toContain('Type /invite @lucy in #lucy-entitlements.');
  expect(world.logs.filter((line) => line.event === 'messages_undelivered')).toHaveLength(1);
  expect((await readStuckPosts(world.database.knex, world.surface.announcer))?.detail).toContain(
    '#lucy-entitlements: not_in_channel',
  );

  world.slack.inviteBot('lucy-entitlements');
  await world.pumpAll();
  expect(feed(world)).toEqual(['one', 'two']);
  expect(await world.database.knex('findings').where({ kind: 'message_undelivered' })).toMatchObject([
    { state: 'closed' },
  ]);
});

test('a channel that stays shut for days loses its messages, and the log says so', async () => {
  const world = await slackWorld();
  world.slack.archiveChannel('lucy-entitlements');
  await told(world, 'one');
  await world.pump();
  world.clock.advance(3 * 24 * 3_600_000 + 60_000);

  await world.pump();

  expect((await outboxRows(world))[0]).toMatchObject({ state: 'dead', error: 'is_archived' });
  expect(world.logs).toContainEqual(expect.objectContaining({ event: 'message_dead', level: 'error' }));
});

test('a message that Slack refuses for its own sake is given up, told of once, and those behind it flow', async () => {
  const world = await slackWorld();
  world.slack.faults.add({ method: 'chat.postMessage', kind: 'error', error: 'invalid_blocks', times: 3 });
  await told(world, 'poison');
  await told(world, 'fine');
  for (let look = 0; look < 6; look++) {
    await world.pump();
    world.clock.advance(61_000);
  }

  expect(feed(world)).toEqual(['fine']);
  expect(world.slack.messages('lucy-oncall').map((message) => message.text)).toEqual([
    'One message to #lucy-entitlements was given up: Slack says invalid_blocks.',
  ]);
  expect((await outboxRows(world)).map((row) => row.state)).toEqual(['dead', 'sent', 'sent']);
});

test('a token that Slack revoked keeps everything', async () => {
  const world = await slackWorld();
  world.slack.faults.add({ method: 'chat.postMessage', kind: 'error', error: 'token_revoked' });
  await told(world, 'one');
  for (let look = 0; look < 20; look++) {
    await world.pump();
    world.clock.advance(61_000);
  }
  expect(world.logs).toContainEqual(
    expect.objectContaining({
      event: 'messages_undelivered',
      msg: expect.stringContaining('SLACK_BOT_TOKEN'),
    }),
  );

  world.slack.faults.clear();
  await world.pumpAll();

  expect(feed(world)).toEqual(['one']);
});

test('a card that Slack refuses for its own sake is told of once, and again only when it went wrong anew', async () => {
  const world = await slackWorld();
  const renderCard = createRenderCard(world.runner.settings);
  const findings = () => world.database.knex('findings').where({ kind: 'message_undelivered' });
  const hours = async (count: number) => {
    for (let look = 0; look < count * 12; look++) {
      world.clock.advance(300_000);
      await reconcileCards(world.database, renderCard, world.clock.now(), false);
      await world.pump();
    }
  };
  await world.given('incident declare "checkout is down"');
  await world.pumpAll();
  world.slack.faults.add({ method: 'chat.update', kind: 'error', error: 'invalid_blocks' });
  await world.given('incident change --severity sev1 --incident INC-1');
  await hours(2);
  const notices = () =>
    world.slack.messages('lucy-oncall').filter(({ text }) => text.includes('was given up'));
  expect(notices()).toHaveLength(1);
  const dead = () => world.database.knex('outbox').where({ state: 'dead' });
  expect(await findings()).toMatchObject([{ state: 'open' }]);
  expect(await dead()).toHaveLength(1);

  await hours(24);
  expect(notices()).toHaveLength(1);
  expect(await dead()).toHaveLength(2);

  world.slack.faults.clear();
  await hours(25);
  expect(await findings()).toMatchObject([{ state: 'closed' }]);
  expect(await world.database.knex('cards').whereRaw('shown_version < wanted_version')).toEqual([]);
});

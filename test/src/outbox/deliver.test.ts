import { expect, test } from 'vitest';
import { createRenderCard } from '#src/cards.ts';
import { deliverDue } from '#src/outbox/deliver.ts';
import { readStuckPosts } from '#src/outbox/health.ts';
import { type SlackWorld, slackWorld } from '#test/world/slack-world.ts';
import { feed, outboxRows, told } from '#test/world/told.ts';

const posts = (world: SlackWorld) => readStuckPosts(world.database.knex, world.surface.announcer);

test('messages arrive in their order, a second apart in each channel', async () => {
  const world = await slackWorld();
  for (const name of ['one', 'two', 'three']) await told(world, name);
  await told(world, 'elsewhere', 'billing');

  await world.pump();
  expect([feed(world), feed(world, 'lucy-billing')]).toEqual([['one'], ['elsewhere']]);
  world.clock.advance(999);
  await world.pump();
  expect(feed(world)).toEqual(['one']);
  await world.pumpAll();

  expect(feed(world)).toEqual(['one', 'two', 'three']);
  const times = world.slack.posts.filter((post) => post.channel === 'C0ENTITLE1').map((post) => post.at);
  for (const [index, at] of times.entries()) {
    if (index > 0) expect(at - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(1_000);
  }
});

test('the same thing is told once, however often it is found out, and direct messages reach their person', async () => {
  const world = await slackWorld();
  await told(world, 'for sam', 'user:U0SAM00001');
  await told(world, 'for sam', 'user:U0SAM00001');

  await world.pumpAll();

  expect(
    world.slack
      .as('sam')
      .dm()
      .map((message) => message.text),
  ).toEqual(['for sam']);
});

test('Slack’s Retry-After is kept: what it refused and what came behind it waits for the moment that it named', async () => {
  const world = await slackWorld();
  await told(world, 'one');
  await told(world, 'two');
  await told(world, 'elsewhere', 'billing');
  world.slack.faults.add({
    method: 'chat.postMessage',
    kind: 'rate_limited',
    retryAfterSeconds: 30,
    times: 1,
  });

  await world.pump();
  world.clock.advance(2_000);
  await world.pump();
  const before = [...feed(world), ...feed(world, 'lucy-billing')];
  world.clock.advance(28_001);
  await world.pumpAll();

  // Whichever came first met the limit; what was on its way into the other channel arrived.
  expect(before.length).toBeGreaterThanOrEqual(1);
  expect(before.length).toBeLessThanOrEqual(2);
  expect([feed(world), feed(world, 'lucy-billing')]).toEqual([['one', 'two'], ['elsewhere']]);
});

test('Slack away for an hour: nothing is lost, and what waited comes as one digest a channel', async () => {
  const world = await slackWorld();
  world.slack.faults.down(true);
  for (let count = 1; count <= 30; count++) await told(world, `event ${count}`);
  for (let minute = 0; minute < 60; minute++) {
    await world.pump();
    world.clock.advance(60_000);
  }
  expect(await posts(world)).toMatchObject({ state: 'degraded' });

  world.slack.faults.clear();
  await world.pumpAll();

  expect(feed(world)).toEqual(['30 things happened while messages were waiting.']);
  const reads = world.slack.messages('lucy-entitlements')[0]?.reads ?? '';
  for (let count = 1; count <= 30; count++) expect(reads).toContain(`event ${count}  cor_event-${count}`);
  const states = (await outboxRows(world)).map((row) => row.state);
  expect(states.filter((state) => state === 'folded')).toHaveLength(29);
  expect(await posts(world)).toBe(null);
});

test('a 5xx after the post went through is repeated with a note, because nobody can know', async () => {
  const world = await slackWorld();
  await told(world, 'one');
  world.slack.faults.add({ method: 'chat.postMessage', kind: 'apply_then_500', times: 1 });

  await world.pumpAll();
  world.clock.advance(60_000);
  await world.pumpAll();

  const messages = world.slack.messages('lucy-entitlements');
  expect(messages.map((message) => message.text)).toEqual(['one', 'one']);
  expect(messages[1]?.reads).toContain('this may repeat a message above');
  expect(messages[0]?.reads).not.toContain('repeat');
});

test('a process that dies while sending leaves its message to another, with a note', async () => {
  const world = await slackWorld();
  await told(world, 'one');
  await told(world, 'two');
  const now = world.clock.now();
  const [first] = await outboxRows(world);
  await world.database
    .knex('outbox')
    .where({ id: first.id })
    .update({ state: 'sending', lease_token: 'lease_dead', lease_until: now + 60_000, attempts: 1 });

  await world.pump();
  expect(feed(world)).toEqual([]);
  world.clock.advance(60_001);
  await world.pumpAll();

  expect(feed(world)).toEqual(['one', 'two']);
  expect(world.slack.messages('lucy-entitlements')[0]?.reads).toContain('this may repeat a message above');
});

test('two processes that look at the same moment send nothing twice', async () => {
  const world = await slackWorld();
  const other = await world.another();
  for (const name of ['one', 'two', 'three', 'four']) await told(world, name);
  const renderCard = createRenderCard(world.runner.settings);
  const deps = { database: world.database, clock: world.clock, log: world.runner.log, renderCard };

  for (let look = 0; look < 6; look++) {
    await Promise.all([
      deliverDue({ ...deps, announcer: world.surface.announcer }),
      deliverDue({ ...deps, announcer: other.surface.announcer }),
      deliverDue({ ...deps, announcer: other.surface.announcer }),
    ]);
    world.clock.advance(1_001);
  }

  expect(feed(world)).toEqual(['one', 'two', 'three', 'four']);
});

test('what one process could not post and another could is no trouble to either, nor is what was given up', async () => {
  const world = await slackWorld();
  const other = await world.another();
  const renderCard = createRenderCard(world.runner.settings);
  const deps = { database: world.database, clock: world.clock, log: world.runner.log, renderCard };
  await told(world, 'for sam', 'user:U0SAM00001');
  expect(await posts(world)).toBe(null);
  world.slack.faults.down(true);
  await deliverDue({ ...deps, announcer: world.surface.announcer });
  expect(await posts(world)).toMatchObject({ detail: expect.stringContaining('Posts do not arrive in') });

  world.slack.faults.clear();
  world.clock.advance(600_000);
  await deliverDue({ ...deps, announcer: other.surface.announcer });
  expect(await posts(world)).toBe(null);

  await told(world, 'hello', 'user:U0NOBODY99');
  await world.pump();
  expect(await posts(world)).not.toBe(null);
  world.clock.advance(3 * 24 * 3_600_000 + 60_000);
  await world.pump();
  expect((await outboxRows(world)).map((row) => row.state)).toContain('dead');
  await world.pumpAll();
  expect(await posts(world)).toBe(null);
});

test('hostile text arrives as text', async () => {
  const world = await slackWorld();
  await told(world, '<!channel> ```x``` <https://evil.example|Approve>');

  await world.pumpAll();

  const [message] = world.slack.messages('lucy-entitlements');
  expect(message?.text).toBe('&lt;!channel&gt; ```x``` &lt;https://evil.example|Approve&gt;');
});

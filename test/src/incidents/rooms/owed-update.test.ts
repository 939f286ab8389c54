import { expect, test } from 'vitest';
import { settingsSchema } from '#src/core/settings.ts';
import { type RoomsWorld, roomSettings, roomsWorld } from '#test/world/rooms-world.ts';

const MINUTE_MS = 60_000;
const NAME = 'inc-1-checkout-is-down';

async function declared(line = 'incident declare "checkout is down" --severity sev1') {
  const world = await roomsWorld();
  await world.does('olu', line);
  await world.work();
  const { declared_at: began } = await world.database.knex('incidents').first();
  const until = async (minutes: number) => {
    world.clock.set(Math.max(world.clock.now(), began + minutes * MINUTE_MS));
    await world.tick();
    await world.work();
  };
  return { world, until };
}

const owed = (messages: { text: string; reads: string }[]) =>
  messages.filter(({ text }) => /owed|wait for an update/.test(text));
const inRoom = (world: RoomsWorld, as = 'olu') => owed(world.slack.as(as).messages(NAME));

test('the draft, the reminder and the page stand in the incident’s room and name whom they ask; #incidents is left alone', async () => {
  const { world, until } = await declared();

  await until(25.1);
  expect(inRoom(world)).toHaveLength(1);
  expect(inRoom(world)[0]?.reads).toMatch(/here is a draft[\s\S]*Asked\W+Olu/);
  await until(30.1);
  expect(inRoom(world).at(-1)?.text).toMatch(/<@U0OLU00001> .*is owed now/);
  expect(inRoom(world).at(-1)?.reads).toMatch(/Asked\W+Olu/);
  await until(35.1);
  expect(inRoom(world).at(-1)?.text).toMatch(/<@U0OLU00001> .*customers wait for an update/);
  expect(inRoom(world).at(-1)?.reads).toMatch(/Called\W+Olu/);

  expect(inRoom(world)).toHaveLength(3);
  expect(owed(world.slack.messages('incidents'))).toEqual([]);
});

test('whoever is called next is taken into the room; they and whoever leads read it directly at the same moment', async () => {
  const { world, until } = await declared();
  await until(35.1);
  expect(() => world.slack.as('ada').messages(NAME)).toThrow();
  await until(50.2);

  expect(inRoom(world, 'ada').at(-1)?.text).toMatch(/<@U0ADA00001> .*customers wait for an update/);
  const pages = await world.database
    .knex('outbox')
    .whereLike('target', 'user:%')
    .whereLike('dedupe_key', 'incident-clock:%:page:2:%')
    .orderBy('target');
  expect(pages.map(({ target }) => target)).toEqual(['user:U0ADA00001', 'user:U0OLU00001']);
  expect(pages[0].sent_at).toBe(pages[1].sent_at);
  expect(owed(world.slack.as('olu').dm())).toHaveLength(2);
  expect(owed(world.slack.as('ada').dm())).toHaveLength(1);
});

test('nobody leads: whoever is on call is asked by name', async () => {
  const { world, until } = await declared('incident declare "checkout is down" --commander nobody');
  await until(30.1);
  expect(inRoom(world).at(-1)?.text).toMatch(/<@U0OLU00001> .*is owed now/);
  expect(inRoom(world).at(-1)?.reads).toMatch(/Asked\W+Olu/);
});

test('without a room they stay in the thread of its card', async () => {
  const world = await roomsWorld({
    settings: settingsSchema.parse({ ...roomSettings, incidents: { rooms: false } }),
  });
  await world.does('olu', 'incident declare "checkout is down" --severity sev1');
  await world.work();
  world.clock.advance(31 * MINUTE_MS);
  await world.tick();
  await world.work();

  const [card] = world.slack.messages('incidents');
  const [reminder] = owed(world.slack.messages('incidents')) as { threadTs?: string }[];
  expect(reminder?.threadTs).toBe(card?.ts);
});

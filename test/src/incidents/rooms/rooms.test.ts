import { expect, test } from 'vitest';
import { people } from '#sandbox/cast.ts';
import { settingsSchema } from '#src/core/settings.ts';
import { type RoomsWorld, roomSettings, roomsWorld } from '#test/world/rooms-world.ts';

const DAY_MS = 24 * 3_600_000;
const NAME = 'inc-1-checkout-is-down';

const room = (world: RoomsWorld) => world.database.knex('incident_rooms').first();
const membersOf = (world: RoomsWorld, name: string) =>
  ['sam', 'bea', 'olu', 'ada', 'gus'].filter((handle) => {
    try {
      world.slack.as(handle).messages(name);
      return true;
    } catch {
      return false;
    }
  });

test('a declared incident gets its room: whoever is on call is in it, the card is there and pinned, and #incidents shows the way', async () => {
  const world = await roomsWorld();

  await world.does('olu', 'incident declare "checkout is down" --severity sev1');
  await world.work();

  expect(membersOf(world, NAME)).toEqual(['olu']);
  const [card] = world.slack.as('olu').messages(NAME);
  expect(card?.reads).toContain('INC-1, investigating: checkout is down');
  expect(card?.pinnedBy).toBe('U0LUCYBOT1');
  const [headline] = world.slack.messages('incidents');
  expect(headline?.reads).toContain(`#${NAME}`);
  expect((await room(world)).topic).toBe(
    'INC-1, investigating · SEV1: customers cannot use or buy it · Olu leads',
  );
  // Lucy's own pin is no entry.
  const entries = await world.database.knex('incident_entries').orderBy('id');
  expect(entries.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
    'declared: declared “checkout is down”',
    `state: opened the room #${NAME}`,
  ]);

  await world.does('olu', 'incident note "Stripe answers again"');
  await world.does('olu', 'incident change --commander ada');
  await world.work();

  expect(membersOf(world, NAME)).toEqual(['olu', 'ada']);
  const [kept] = world.slack.as('olu').messages(NAME);
  expect(kept?.ts).toBe(card?.ts);
  expect(kept?.reads).toContain('Stripe answers again');
  expect((await room(world)).topic).toContain('Ada leads');
});

test('resolved, it is told in the room, which goes into the archive after a week; reopened later, there is a new one', async () => {
  const world = await roomsWorld();
  await world.does('olu', 'incident declare "checkout is down"');
  await world.work();

  await world.does('olu', 'incident resolve --reason "rolled back"', NAME);
  await world.work();
  expect(world.slack.as('olu').messages(NAME).at(-1)?.reads).toContain('INC-1 is resolved: rolled back');
  expect(world.slack.as('olu').messages(NAME).at(-1)?.reads).toContain('into the archive in 7 days');

  world.clock.advance(6 * DAY_MS);
  await world.work();
  expect((await room(world)).archived_at).toBeNull();
  world.clock.advance(DAY_MS);
  await world.work();
  expect((await room(world)).archived_at).not.toBeNull();
  expect(world.slack.messages('incidents')[0]?.reads).toContain(`#${NAME}, in Slack’s archive`);

  // A bot cannot bring a channel back (docs.slack.dev/reference/methods/conversations.unarchive).
  await world.does('olu', 'incident reopen INC-1 --reason "it is back"');
  await world.work();
  expect(world.slack.as('olu').messages(`${NAME}-2`)[0]?.reads).toContain('INC-1, investigating');
  expect(world.slack.messages('incidents')[0]?.reads).toContain(`#${NAME}-2`);
});

test('reopened before that, the room goes on', async () => {
  const world = await roomsWorld();
  await world.does('olu', 'incident declare "checkout is down"');
  await world.work();
  await world.does('olu', 'incident resolve --reason "rolled back"', NAME);
  world.clock.advance(DAY_MS);
  await world.does('olu', 'incident reopen --reason "it is back"', NAME);
  world.clock.advance(30 * DAY_MS);
  await world.work();

  expect(world.slack.as('olu').messages(NAME).at(-1)?.reads).toContain('INC-1 is open again: it is back');
  expect((await room(world)).archived_at).toBeNull();
});

test('a name that is taken gets a number, and a private incident a private room', async () => {
  const world = await roomsWorld();
  world.slack.addChannel({ name: NAME });
  await world.does('olu', 'incident declare "Checkout is down!" --private');
  await world.work();

  expect(await room(world)).toMatchObject({ name: `${NAME}-2` });
  expect(membersOf(world, `${NAME}-2`)).toEqual(['olu']);
  const create = world.slack.wire.entries().filter(({ label }) => label.includes('conversations.create'));
  expect(create.at(-1)?.request).toContain('is_private');
});

test('Slack away: nothing is lost, and the room comes when Slack does', async () => {
  const world = await roomsWorld();
  await world.does('olu', 'incident declare "checkout is down"');
  await world.slack.faults.down(true);
  await world.look();
  await world.look();
  await world.slack.faults.down(false);
  world.clock.advance(60_000);
  await world.work();

  expect(await room(world)).toMatchObject({ name: NAME, pinned_ts: expect.any(String) });
});

test('an answer that never came makes no second channel', async () => {
  const world = await roomsWorld();
  await world.does('olu', 'incident declare "checkout is down"');
  world.slack.faults.add({ method: 'conversations.create', times: 1, kind: 'apply_then_500' });
  await world.look();
  expect((await room(world)).channel).toBeNull();
  world.clock.advance(60_000);
  await world.work();

  expect(await room(world)).toMatchObject({ name: NAME, tries: 1 });
});

test('two processes make one room', async () => {
  const world = await roomsWorld();
  const other = await world.another();
  await world.does('olu', 'incident declare "checkout is down"');
  await Promise.all([world.look(), world.look(other.surface), world.look(), world.look(other.surface)]);
  await world.work();

  const creates = world.slack.wire.entries().filter(({ label }) => label.includes('conversations.create'));
  expect(creates).toHaveLength(1);
  expect(membersOf(world, NAME)).toEqual(['olu']);
});

test('a process that died in the middle is followed by another', async () => {
  const world = await roomsWorld();
  await world.does('olu', 'incident declare "checkout is down"');
  await world.database.knex('incident_rooms').update({
    lease_token: 'lease_dead',
    lease_until: world.clock.now() + 30_000,
    asked_at: world.clock.now(),
  });
  expect(await world.look()).toBe(0);
  world.clock.advance(31_000);
  await world.work();
  expect(await room(world)).toMatchObject({ name: NAME, lease_token: null });
});

test.each([
  ['missing_scope', 'channels:manage and, for private incidents, groups:write'],
  ['restricted_action', 'allow apps to create and manage channels'],
])('%s: the incident goes on in #incidents, and one message says what to do', async (code, hint) => {
  const world = await roomsWorld();
  await world.does('olu', 'incident declare "checkout is down"');
  world.slack.faults.add({ method: 'conversations.create', times: 3, kind: 'error', error: code });
  for (let turn = 0; turn < 3; turn++) {
    await world.work();
    world.clock.advance(16 * 60_000);
  }
  await world.does('olu', 'incident note "still here"');

  const told = world.slack.messages('incidents').filter(({ reads }) => reads.includes(hint));
  expect(told).toHaveLength(1);
  expect(told[0]?.reads).toContain(code);
  expect(told[0]?.threadTs).toBe(world.slack.messages('incidents')[0]?.ts);

  // Somebody mended it.
  await world.work();
  expect(await room(world)).toMatchObject({ name: NAME });
});

test('one who cannot be invited keeps nobody out', async () => {
  const world = await roomsWorld({
    settings: settingsSchema.parse({
      ...roomSettings,
      roles: { ...roomSettings.roles, oncall: { members: ['U0NOBODY01', people.bea.id], groups: [] } },
    }),
  });
  await world.given('incident declare "checkout is down"');
  await world.work();
  expect(membersOf(world, NAME)).toEqual(['bea', 'olu']);
});

test('without rooms everything stays in #incidents', async () => {
  const world = await roomsWorld({
    settings: settingsSchema.parse({ ...roomSettings, incidents: { rooms: false } }),
  });
  await world.does('olu', 'incident declare "checkout is down"');
  await world.work();
  expect(await room(world)).toBeUndefined();
  expect(world.slack.messages('incidents')).toHaveLength(1);
});

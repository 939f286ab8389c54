import { expect, test } from 'vitest';
import { type RoomsWorld, roomsWorld } from '#test/world/rooms-world.ts';

const MINUTE_MS = 60_000;
const NAME = 'inc-1-checkout-is-down';

/** Minutes go by, each with what is due in it. */
async function pass(world: RoomsWorld, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    world.clock.advance(MINUTE_MS);
    await world.tick();
  }
  await world.pumpAll();
}

const asks = (world: RoomsWorld) =>
  world.slack
    .as('olu')
    .messages(NAME)
    .filter(({ reads }) => /how bad is it|who leads|nothing more is asked/.test(reads));

async function undecided(): Promise<RoomsWorld> {
  const world = await roomsWorld();
  await world.does('olu', 'incident declare "checkout is down" --commander nobody');
  await world.work();
  return world;
}

test('who leads is asked every two minutes and how bad it is every five, in one message, five times each; then whoever is on call is mentioned, and it is asked every half an hour', async () => {
  const world = await undecided();
  await pass(world, 1);
  expect(asks(world)).toEqual([]);
  await pass(world, 2);
  expect(asks(world).map(({ reads }) => reads.split('\n')[0])).toEqual([
    'warning INC-1: how bad is it, and who leads?',
  ]);

  await pass(world, 40);

  const [ask, ...more] = asks(world).filter(({ threadTs }) => threadTs === undefined);
  expect(more).toEqual([]);
  expect(ask?.reads).toContain('7 times');
  const [row] = await world.database.knex('incidents');
  expect(row).toMatchObject({ severity_asks: 6, commander_asks: 7 });
  const help = world.slack
    .as('olu')
    .messages(NAME)
    .filter(({ threadTs }) => threadTs === ask?.ts);
  expect(help.map(({ reads }) => reads)).toEqual([
    expect.stringContaining('still nobody leads'),
    expect.stringContaining('still nobody said how bad it is'),
  ]);
  for (const message of help) expect(message.notified).toContain('U0OLU00001');
  const timers = () =>
    world.database.knex('timers').whereIn('kind', ['incident_severity', 'incident_commander']);
  expect(await timers()).toHaveLength(2);

  await pass(world, 60);
  expect(asks(world).filter(({ threadTs }) => threadTs === undefined)).toHaveLength(1);
  expect(await world.database.knex('incidents').first()).toMatchObject({
    severity_asks: 8,
    commander_asks: 9,
  });
  await world.does('olu', 'incident change INC-1 --severity sev2 --commander me');
  await pass(world, 31);
  expect(await timers()).toEqual([]);
});

test('one click leads, one click says how bad it is, and then nothing is asked any more', async () => {
  const world = await undecided();
  await pass(world, 5);
  const [ask] = asks(world);
  if (!ask) throw new Error('Nothing was asked');

  const row = () => world.database.knex('incidents').first();
  await world.slack.as('olu').click(ask, 'I lead it');
  await world.slack.waitFor(async () => (await row()).commander === 'olu', { timeoutMs: 8_000 });
  await world.slack.as('olu').click(ask, 'SEV1: customers cannot use or buy it');
  await world.slack.waitFor(async () => (await row()).severity === 'sev1', { timeoutMs: 8_000 });
  await world.slack.settled();
  await pass(world, 30);

  expect(await world.database.knex('incidents').first()).toMatchObject({
    commander: 'olu',
    severity: 'sev1',
    severity_asks: 1,
  });
  expect(asks(world)).toHaveLength(1);
  expect(asks(world)[0]?.reads).toContain('nothing more is asked');
  const done = await world.database
    .knex('audit_events')
    .where({ command: 'incident change', outcome: 'done' });
  expect(done).toHaveLength(2);
});

test('somebody who is not on call leads nothing', async () => {
  const world = await undecided();
  await pass(world, 3);
  const channel = world.slack.messages(NAME)[0]?.channel ?? '';
  const { ts = '' } = asks(world)[0] ?? {};
  await world.slack.as('olu').say(NAME, 'look here');
  const sam = world.slack.as('sam');
  await sam.say('support', '/lucy incident change INC-1 --commander me');
  await world.slack.settled();
  expect(sam.lastMessage('support').reads).toContain('oncall');
  expect(await world.database.knex('incidents').first()).toMatchObject({ commander: null });
  expect(channel + ts).not.toBe('');
});

test('two processes ask once, and after a stop nothing is made up for', async () => {
  const world = await undecided();
  world.clock.advance(12 * MINUTE_MS);
  await Promise.all([world.tick(), world.tick(), world.tick()]);
  await world.pumpAll();

  expect(await world.database.knex('incidents').first()).toMatchObject({
    severity_asks: 1,
    commander_asks: 1,
  });
  expect(asks(world)).toHaveLength(1);
});

test('resolved, nothing is asked; a severity and a leader from the start, neither', async () => {
  const world = await undecided();
  await world.does('olu', 'incident resolve --reason "it was none"');
  await world.does('olu', 'incident declare "mails are late" --severity sev3');
  await world.work();
  await pass(world, 30);

  expect(asks(world)).toEqual([]);
  const rows = await world.database.knex('incidents').orderBy('number');
  expect(rows.map((row) => row.severity_asks + row.commander_asks)).toEqual([0, 0]);
});

test('without a room it is asked in #incidents', async () => {
  const world = await roomsWorld();
  await world.does('olu', 'incident declare "checkout is down"');
  await pass(world, 6);
  expect(world.slack.messages('incidents').at(-1)?.reads).toContain('INC-1: how bad is it?');
});

import { expect, test } from 'vitest';
import { answered } from '#test/world/answered.ts';
import { type RoomsWorld, roomsWorld } from '#test/world/rooms-world.ts';

const FIRST = 'inc-1-checkout-is-down';
const SECOND = 'inc-2-mails-are-late';

async function twoOpen(): Promise<RoomsWorld> {
  const world = await roomsWorld();
  await world.given('customer add sofia@firm.com');
  await world.does('olu', 'incident declare "checkout is down"');
  await world.does('olu', 'incident declare "mails are late"');
  await world.work();
  return world;
}

const timeline = async (world: RoomsWorld, number: number) => {
  const incident = await world.database.knex('incidents').where({ number }).first();
  const rows = await world.database
    .knex('incident_entries')
    .where({ incident_id: incident.id })
    .orderBy('id');
  return rows.map(({ text }: { text: string }) => text);
};

test('in its room, and in the thread of its card, nobody need name the incident', async () => {
  const world = await twoOpen();
  const olu = world.slack.as('olu');

  await world.does('olu', 'incident note "in the room"', SECOND);
  const card = olu.messages('incidents').find(({ reads }) => reads.includes('INC-1'));
  const inThread = { threadTs: card?.ts ?? '' };
  await answered(world, () => olu.say('incidents', '@lucy incident note "in the thread"', inThread));
  await world.does('olu', 'incident change --severity sev2', FIRST);
  await world.does('olu', 'incident status', SECOND);

  expect(await timeline(world, 2)).toContain('in the room');
  expect(await timeline(world, 1)).toContain('in the thread');
  expect(await world.database.knex('incidents').where({ number: 1 }).first()).toMatchObject({
    severity: 'sev2',
  });
  expect(olu.lastMessage(SECOND).reads).toContain('INC-2, investigating: mails are late');
});

test('elsewhere, with several open, each is named with the way to its room, and nothing is done', async () => {
  const world = await twoOpen();
  await world.does('olu', 'incident note "where?"', 'lucy-oncall');

  const { reads } = world.slack.as('olu').lastMessage('lucy-oncall');
  expect(reads).toContain('INC-1 and INC-2 are open.');
  expect(reads).toContain(`#${FIRST}`);
  expect(reads).toContain(`#${SECOND}`);
  expect([...(await timeline(world, 1)), ...(await timeline(world, 2))]).not.toContain('where?');
});

test('a form that is opened in the room has the incident filled in', async () => {
  const world = await twoOpen();
  const olu = world.slack.as('olu');
  await olu.say(SECOND, '/lucy incident note');
  await world.slack.waitFor(() => olu.modal());
  expect(olu.modal()?.filled['input:incident']).toBe('INC-2');
  await answered(world, () => olu.submit({ Note: 'by the form' }));
  expect(await timeline(world, 2)).toContain('by the form');
});

test('what is done in a room stands in its timeline alone; elsewhere in all that are open', async () => {
  const world = await twoOpen();
  await world.database.knex('incident_rooms').first();
  const room = world.slack.messages(SECOND)[0]?.channel ?? '';
  await world.slack.as('olu').say(SECOND, 'hello');
  await world.does('ada', 'credits grant sofia@firm.com 5 --reason "goodwill"', 'lucy-oncall');
  expect((await timeline(world, 1)).join()).toContain('5 credits granted');
  expect((await timeline(world, 2)).join()).toContain('5 credits granted');

  await world.does('olu', 'incident change INC-2 --commander ada');
  await world.work();
  await world.does('ada', 'credits grant sofia@firm.com 7 --reason "goodwill"', SECOND);
  expect((await timeline(world, 1)).join()).not.toContain('7 credits granted');
  expect((await timeline(world, 2)).join()).toContain('7 credits granted');
  expect(room).toMatch(/^C/);
});

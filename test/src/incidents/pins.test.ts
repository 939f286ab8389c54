import { expect, test } from 'vitest';
import { putMaintenance } from '#db/maintenance.ts';
import { answered } from '#test/world/answered.ts';
import { type RoomsWorld, roomsWorld } from '#test/world/rooms-world.ts';
import { seen } from '#test/world/slack-world.ts';

const ROOM = 'inc-1-checkout-is-down';

const pinned = async (world: RoomsWorld) =>
  (await world.database.knex('incident_entries').where({ kind: 'pin' }).orderBy('id')).map(
    ({ text }: { text: string }) => text,
  );

async function pins(world: RoomsWorld, handle: string, channel: string, text: string, threadTs?: string) {
  const person = world.slack.as(handle);
  await person.say(channel, text, threadTs === undefined ? {} : { threadTs });
  const { ts } = person.messages(channel).findLast(({ reads }) => reads.includes(text)) ?? { ts: '' };
  await person.pin({ channel, ts });
  await world.slack.settled();
}

test('a pin is a note: who may write none pins nothing, and in maintenance nobody does', async () => {
  const world = await roomsWorld();
  await world.does('olu', 'incident declare "checkout is down"');
  await world.work();
  const nob = world.slack.addPerson({ handle: 'nob', channels: ['general', ROOM] });

  await pins(world, 'nob', ROOM, 'CANARY of nobody');
  await seen(world, nob, ROOM, 'The pin went into no timeline.');
  expect(await pinned(world)).toEqual([]);

  const card = world.slack
    .as('olu')
    .messages('incidents')
    .find(({ reads }) => reads.includes('INC-1'));
  await pins(world, 'olu', 'incidents', 'seen in the thread', card?.ts ?? '');
  await expect.poll(() => pinned(world)).toEqual([expect.stringContaining('seen in the thread')]);

  const now = world.clock.now();
  const restore = {
    restore_id: 'r',
    by_name: 'Ada',
    says: 'a restore',
    started_at: now,
    until: now + 600_000,
  };
  await putMaintenance(world.database.knex, { ...restore, intake_closed_at: null } as never);
  await pins(world, 'olu', ROOM, 'CANARY in maintenance');
  await seen(world, 'olu', ROOM, 'Lucy is in maintenance');
  expect(await pinned(world)).toHaveLength(1);
});

test('what is done to a customer is told on the card without address and reason, and in full by its command', async () => {
  const world = await roomsWorld();
  await world.given('customer add sofia@firm.com --name Sofia');
  await world.does('olu', 'incident declare "checkout is down"');
  await world.work();
  await world.does(
    'sam',
    'credits grant sofia@firm.com 5 --reason "her card was declined" --ticket ZD-9',
    'support',
  );
  await world.work();

  for (const channel of ['incidents', ROOM]) {
    const shown = world.slack.messages(channel).map(({ reads }) => reads);
    expect(shown.join()).not.toMatch(/sofia|declined/i);
    expect(shown.join()).toMatch(/Sam: .*a customer.* trace cor_/);
  }
  const sam = world.slack.as('sam');
  await sam.say('support', '/lucy incident status INC-1');
  await world.slack.settled();
  expect(sam.lastMessage('support').reads).toMatch(/sofia@firm\.com.*her card was declined/);
});

test('what an app writes in a person’s name is refused and written down, not done', async () => {
  const world = await roomsWorld();
  await world.does('olu', 'incident declare "checkout is down"');
  await world.work();
  const before = world.slack.posts.length;
  const event = {
    type: 'app_mention',
    user: 'U0OLU00001',
    app_id: 'A0ZAPIER01',
    text: 'New answer: <@U0LUCYBOT1> incident note all clear',
    channel: 'C0SUPPORT1',
    ts: '1.000002',
  };
  await answered(world, () => world.slack.sendEvent(event));
  await world.slack.settled();

  expect(world.slack.posts).toHaveLength(before);
  const audited = await world.database.knex('audit_events').where({ command: 'incident note' });
  expect(audited.map(({ outcome }) => outcome)).toEqual(['refused']);
  expect(await world.database.knex('incident_entries').where({ kind: 'note' })).toEqual([]);
});

test('a channel of that name that somebody else made is not taken for the room', async () => {
  const world = await roomsWorld();
  await world.does('olu', 'incident declare "checkout is down"');
  world.slack.faults.add({ method: 'conversations.create', times: 1, kind: 'http_500' });
  await world.look();
  world.slack.addChannel({ name: ROOM });
  world.clock.advance(60_000);
  await world.work();

  const room = await world.database.knex('incident_rooms').first();
  expect(room.name).toBe(`${ROOM}-2`);
});

import { expect, test } from 'vitest';
import { guessLine } from '#src/slack/shortcuts/ask-form.ts';
import { answered } from '#test/world/answered.ts';
import { type RoomsWorld, roomsWorld } from '#test/world/rooms-world.ts';
import { seen } from '#test/world/slack-world.ts';

const TIMELINE = 'lucy.timeline';
const ROOM = 'inc-1-checkout-is-down';

async function oneOpen(): Promise<RoomsWorld> {
  const world = await roomsWorld();
  await world.does('olu', 'incident declare "checkout is down"');
  await world.work();
  return world;
}

const notes = async (world: RoomsWorld) =>
  (await world.database.knex('incident_entries').whereIn('kind', ['note', 'pin']).orderBy('id')).map(
    ({ text }: { text: string }) => text,
  );

async function said(world: RoomsWorld, handle: string, channel: string, text: string, threadTs?: string) {
  const person = world.slack.as(handle);
  await person.say(channel, text, threadTs === undefined ? {} : { threadTs });
  const { ts } = person.messages(channel).findLast((message) => !message.isEphemeral) ?? { ts: '' };
  return { channel, ts };
}

test('one incident open: the message goes in with its author and its address, and the same one twice is told', async () => {
  const world = await oneOpen();
  const message = await said(world, 'sam', 'support', 'checkout hangs <!channel> for @bea & friends');
  const thread = await said(world, 'olu', 'support', 'same here', message.ts);
  const olu = world.slack.as('olu');

  await olu.shortcut(TIMELINE, thread);
  const told = await seen(world, 'olu', 'support', 'A timeline is never rewritten.');
  expect(told).toMatchObject({ isEphemeral: true, threadTs: message.ts });
  expect(told.reads).toContain('Noted in INC-1');
  await olu.shortcut(TIMELINE, message);
  await seen(world, 'olu', 'support', 'checkout hangs');
  await olu.shortcut(TIMELINE, message);
  await seen(world, 'olu', 'support', 'This message stands in the timeline of INC-1 already');

  expect(await notes(world)).toEqual([
    expect.stringMatching(
      /^Olu in #support: “same here” https:\/\/.*\/archives\/C0SUPPORT1\/p\d+\?thread_ts=/,
    ),
    expect.stringMatching(
      /^Sam in #support: “checkout hangs <!channel> for U0BEA00001 & friends” https:\/\/\S+\/p\d+$/,
    ),
  ]);
  await world.pumpAll();
  const card = world.slack.messages(ROOM)[0];
  expect(card?.reads).toContain('Sam in #support: “checkout hangs <!channel> for U0BEA00001 & friends”');
  expect(card?.reads).not.toContain('/archives/');
  const audited = await world.database
    .knex('audit_events')
    .where({ command: 'incident note', outcome: 'done' });
  expect(audited.map(({ person }: { person: string }) => person)).toEqual(['olu', 'olu']);
});

test('several open: a window asks which, with a comment; in a room nobody asks', async () => {
  const world = await oneOpen();
  await world.does('olu', 'incident declare "mails are late"');
  await world.work();
  const olu = world.slack.as('olu');
  const message = await said(world, 'sam', 'support', 'no mail since noon');

  await olu.shortcut(TIMELINE, message);
  await world.slack.waitFor(() => olu.modal());
  expect(olu.modal()?.reads).toContain('no mail since noon');
  await olu.submit({ Incident: 'INC-2: mails are late', Comment: 'first report' });
  await world.slack.waitFor(() => olu.modal()?.reads.includes('Noted in INC-2'));
  const inRoom = await said(world, 'olu', ROOM, 'rolled back');
  await olu.shortcut(TIMELINE, inRoom);
  await seen(world, 'olu', ROOM, 'Noted in INC-1');

  expect(await notes(world)).toEqual([
    expect.stringContaining('first report (Sam in #support: “no mail since noon”)'),
    expect.stringContaining(`Olu in #${ROOM}: “rolled back”`),
  ]);
  const rows = await world.database
    .knex('incident_entries as e')
    .join('incidents as i', 'i.id', 'e.incident_id')
    .where('e.kind', 'note')
    .orderBy('e.id')
    .select('i.number');
  expect(rows.map(({ number }: { number: number }) => number)).toEqual([2, 1]);
});

test('whoever is not on call is refused before any window, and none open is said with what to do', async () => {
  const world = await oneOpen();
  await world.does('olu', 'incident declare "mails are late"');
  const sam = world.slack.as('sam');
  const message = await said(world, 'sam', 'support', 'it hangs');
  await answered(world, () => sam.shortcut(TIMELINE, message));
  expect(sam.modal()).toBeNull();
  expect(sam.lastMessage('support').reads).toContain('oncall');

  await world.does('olu', 'incident resolve INC-1 --reason "over"');
  await world.does('olu', 'incident resolve INC-2 --reason "over"');
  const olu = world.slack.as('olu');
  await olu.shortcut(TIMELINE, message);
  await seen(world, 'olu', 'support', 'No incident is open.');
  expect(await notes(world)).toEqual([]);
});

test('where Lucy is not, the shortcut is answered all the same; a very long message is cut', async () => {
  const world = await oneOpen();
  const olu = world.slack.as('olu');
  const message = await said(world, 'olu', 'general', 'a'.repeat(3_000));
  await olu.shortcut(TIMELINE, message);
  await seen(world, 'olu', 'general', 'Noted in INC-1');
  expect((await notes(world))[0]?.length).toBeLessThan(900);
});

test('pins of the room go in once, whoever pins; a message that is in already is not repeated', async () => {
  const world = await oneOpen();
  const olu = world.slack.as('olu');
  const first = await said(world, 'olu', ROOM, 'payments fail since 14:02');
  const { deliveryId } = await olu.pin(first);
  await world.slack.replay(deliveryId ?? '');
  await world.slack.waitFor(async () => (await notes(world)).length === 1);
  const second = await said(world, 'olu', ROOM, 'rolled back');
  await olu.shortcut(TIMELINE, second);
  await seen(world, 'olu', ROOM, 'Noted in INC-1');
  await olu.pin(second);
  await world.slack.settled();
  const elsewhere = await said(world, 'olu', 'support', 'not for the timeline');
  await olu.pin(elsewhere);
  await world.slack.settled();

  expect(await notes(world)).toEqual([
    expect.stringContaining('pinned Olu: “payments fail since 14:02”'),
    expect.stringContaining('“rolled back”'),
  ]);
  const audited = await world.database.knex('audit_events').where({ command: 'incident pin' });
  expect(audited).toMatchObject([{ person: 'olu', outcome: 'done' }]);
});

test.each([
  ['write to <mailto:sofia@firm.com|sofia@firm.com> please', 'customer show sofia@firm.com'],
  ['see evt_1Nff2xAbCd', 'trace evt_1Nff2xAbCd'],
  ['it hangs', ''],
])('“%s” is asked about with “%s”', (text, line) => {
  expect(guessLine(text)).toBe(line);
});

test('“Ask Lucy about this” answers in the thread of the message, for whoever asked alone', async () => {
  const world = await roomsWorld();
  await world.given('customer add sofia@firm.com');
  const sam = world.slack.as('sam');
  const message = await said(world, 'sam', 'support', 'sofia@firm.com has no credits');

  await sam.shortcut('lucy.ask', message);
  await world.slack.waitFor(() => sam.modal());
  expect(sam.modal()?.filled['input:line']).toBe('customer show sofia@firm.com');
  await sam.submit({ Command: 'credits show sofia@firm.com' });
  await world.slack.waitFor(() => sam.lastMessage('support').isEphemeral);
  expect(sam.lastMessage('support')).toMatchObject({ threadTs: message.ts });
  expect(sam.lastMessage('support').reads).toContain('sofia@firm.com');
  expect(sam.modal()).toBeNull();

  await sam.shortcut('lucy.ask', message);
  await world.slack.waitFor(() => sam.modal());
  await sam.submit({ Command: 'credits grant sofia@firm.com' });
  await world.slack.waitFor(() => sam.modal()?.title === 'Credits grant');
});

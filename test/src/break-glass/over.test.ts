import { expect, test } from 'vitest';
import { ada, bigGrant, glassWorld, minutes, olu, titles } from '#test/world/glass-world.ts';

const DAY_MS = 24 * 3_600_000;

const over =
  'The break-glass by Olu is over since 09:30 UTC: 1 thing was done under it, and it waits for a review.';
const reminderAfter = (days: string) =>
  `The break-glass by Olu waits for its review since ${days}: 1 thing was done under it.`;

async function atItsEnd() {
  const world = await glassWorld();
  const glass = await world.broken('olu');
  await world.type('olu', bigGrant);
  world.clock.set(glass.ends_at);
  return { ...world, glass };
}

test('its end is announced by its timer, once, to whoever heard of its beginning and to its holder', async () => {
  const { drain, told, glass, glasses, logs, database } = await atItsEnd();

  await drain();
  await drain();

  for (const target of ['approvals', 'oncall', ada])
    expect(titles(await told(target)).slice(1), target).toEqual([over]);
  expect(titles(await told(olu))).toEqual([over]);
  expect(await glasses()).toMatchObject([{ ended_at: glass.ends_at, ended_by: null, ended_name: null }]);
  expect(logs).toContainEqual(
    expect.objectContaining({ event: 'break_glass', action: 'break_glass_over', glass: glass.id }),
  );
  expect(await database.knex('audit_events').where({ command: 'timer glass_end' })).toMatchObject([
    { person: 'schedule', ticket: 'INC-7', correlation_id: glass.correlation_id },
  ]);
});

test('a moment before its end nothing is announced', async () => {
  const { drain, told, glass, clock } = await atItsEnd();
  clock.set(glass.ends_at - 1);

  await drain();

  expect(await told('approvals')).toHaveLength(1);
});

test('every day somebody is reminded until it is signed', async () => {
  const { drain, told, clock, type, glass } = await atItsEnd();
  await drain();
  clock.advance(DAY_MS - 1);
  await drain();
  expect(titles(await told('approvals')).slice(1)).toEqual([over]);

  clock.advance(1);
  await drain();
  await drain();
  clock.advance(DAY_MS);
  await drain();
  expect(titles(await told('approvals')).slice(2)).toEqual([reminderAfter('1 day'), reminderAfter('2 days')]);

  await type('bea', `break-glass review ${glass.id} --reason "it is right"`);
  clock.advance(5 * DAY_MS);
  await drain();
  expect(titles(await told('approvals')).slice(4)).toEqual([expect.stringContaining('Bea reviewed')]);
});

test('after days without a worker there is one announcement and one reminder, not one for each day', async () => {
  const { drain, told, clock } = await atItsEnd();
  clock.advance(3 * DAY_MS + minutes(5));

  for (let looks = 0; looks < 3; looks++) {
    await drain();
    clock.advance(1_000);
  }

  expect(titles(await told('approvals')).slice(1)).toEqual([over, reminderAfter('3 days')]);
});

test('a crash in the announcement leaves it for the next look', async () => {
  const { drain, told, glasses, clock, database } = await atItsEnd();
  await database.knex.schema.renameTable('outbox', 'outbox_away');
  await drain();
  await database.knex.schema.renameTable('outbox_away', 'outbox');
  expect(await glasses()).toMatchObject([{ ended_at: null }]);

  clock.advance(minutes(30));
  await drain();

  expect(titles(await told('approvals')).slice(1)).toEqual([over]);
});

test('ended early, its timer has nothing to say any more', async () => {
  const { broken, type, clock, drain, told } = await glassWorld();
  const glass = await broken();
  await type('olu', 'break-glass end --reason "done"');

  clock.set(glass.ends_at);
  await drain();

  expect(await told('approvals')).toHaveLength(2);
});

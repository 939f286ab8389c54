import { expect, test } from 'vitest';
import type { BreakGlassRow } from '#db/break-glass.ts';
import { settingsSchema } from '#src/core/settings.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { castOfGlass, glassWorld, minutes } from '#test/world/glass-world.ts';

/** Whatever the program believes, the database refuses; here it is asked directly, as by a hand at its prompt. */
async function withGlass() {
  const world = await glassWorld();
  const glass = await world.broken('olu');
  const table = () => world.database.knex<BreakGlassRow>('break_glass');
  const change = (patch: Partial<BreakGlassRow>) => table().where({ id: glass.id }).update(patch);
  const end = () => change({ ended_at: glass.ends_at });
  return { ...world, glass, table, change, end };
}

const review: Partial<BreakGlassRow> = {
  reviewed_at: Date.UTC(2026, 10, 22),
  reviewer_person: 'bea',
  reviewer_id: 'terminal:bea',
  reviewer_name: 'Bea',
  review_note: 'it is right',
};

test('the one who broke the glass cannot be its reviewer, by person or by id', async () => {
  const { change, end, glasses } = await withGlass();
  await end();

  await expect(change({ ...review, reviewer_person: 'olu' })).rejects.toThrow('break_glass_four_eyes');
  await expect(change({ ...review, reviewer_id: 'terminal:olu' })).rejects.toThrow('break_glass_four_eyes');

  expect(await glasses()).toMatchObject([{ reviewed_at: null }]);
});

test.each<[string, Partial<BreakGlassRow>]>([
  ['later', { ends_at: Date.UTC(2026, 10, 21, 9, 45) }],
  ['earlier', { ends_at: Date.UTC(2026, 10, 21, 9, 15) }],
  ['by its start', { started_at: Date.UTC(2026, 10, 21, 9, 10) }],
  ['to somebody else', { person: 'ada' }],
  ['to another reason', { reason: 'a better one' }],
])('it is never moved %s', async (_how, patch) => {
  const { change, glass, glasses } = await withGlass();

  await expect(change(patch)).rejects.toThrow('who broke the glass, why and until when cannot be rewritten');

  expect(await glasses()).toEqual([glass]);
});

test.each([0, -1, minutes(60) + 1])('none lasts %d ms', async (lastsMs) => {
  const { table, glass } = await withGlass();
  const ends_at = glass.started_at + lastsMs;

  await expect(table().insert({ ...glass, id: 'glass_other', person: 'bo', ends_at })).rejects.toThrow(
    'break_glass_an_hour_at_most',
  );
});

test('a person has one open at most', async () => {
  const { table, glass, end } = await withGlass();
  const another = { ...glass, id: 'glass_other' };

  await expect(table().insert(another)).rejects.toThrow();

  await end();
  await table().insert(another);
  expect(await table().select('id').orderBy('id')).toHaveLength(2);
});

test('it begins open, ends once and inside its time', async () => {
  const { table, change, glass, end } = await withGlass();
  await expect(
    table().insert({ ...glass, id: 'glass_other', person: 'bo', ended_at: glass.ends_at }),
  ).rejects.toThrow('a break-glass begins open');
  await expect(change({ ended_at: glass.ends_at + 1 })).rejects.toThrow('break_glass_end_sane');
  await end();

  await expect(change({ ended_at: null })).rejects.toThrow('this break-glass is over already');
  await expect(change({ ended_at: glass.started_at })).rejects.toThrow('this break-glass is over already');
});

test('it is signed once, whole, and only when it is over', async () => {
  const { change, end } = await withGlass();
  await expect(change(review)).rejects.toThrow('break_glass_review_whole');
  await end();
  await expect(change({ ...review, review_note: null })).rejects.toThrow('break_glass_review_whole');
  await change(review);

  await expect(change({ review_note: 'it was never right' })).rejects.toThrow('reviewed already');
  await expect(change({ reviewed_at: null })).rejects.toThrow('reviewed already');
});

// The ways round a DELETE trigger that each engine has of its own.
const detour =
  testEngine === 'postgres'
    ? 'truncate break_glass cascade'
    : 'insert or replace into break_glass select * from break_glass';

test('it is never forgotten', async () => {
  const { table, database, glass, glasses } = await withGlass();

  await expect(table().delete()).rejects.toThrow('break_glass is append-only');
  await expect(database.knex.raw(detour)).rejects.toThrow('break_glass is append-only');

  expect(await glasses()).toEqual([glass]);
});

test.each([
  { minutes: 0 },
  { minutes: 61 },
  { minutes: 1.5 },
  { roles: ['owner'] },
  { tell: '#x' },
  { hours: 1 },
])('the settings refuse %j', (section) => {
  expect(settingsSchema.safeParse({ break_glass: section }).success).toBe(false);
});

test('the settings without the section let on-call and admins, for half an hour', () => {
  expect(castOfGlass().break_glass).toEqual({ roles: ['oncall', 'admin'], minutes: 30, tell: 'approvals' });
});

import { expect, test } from 'vitest';
import { people } from '#sandbox/cast.ts';
import { slackActor, terminalActor } from '#src/policy/people.ts';
import {
  bigGrant,
  castOfGlass,
  type GlassWorld,
  glassWorld,
  minutes,
  titles,
} from '#test/world/glass-world.ts';
import { staff } from '#test/world/terminal-world.ts';

async function afterNight() {
  const world = await glassWorld();
  const glass = await world.broken('olu');
  await world.type('olu', bigGrant);
  world.clock.advance(minutes(45));
  const line = `break-glass review ${glass.id} --note "the grant is right" --reason "next-day review"`;
  return { ...world, glass, line };
}

const findings = ({ database }: GlassWorld) =>
  database.knex('findings').where({ kind: 'break_glass_review' });

test('somebody else reads what was done, signs it, and the finding closes', async () => {
  const world = await afterNight();
  const { type, line, glasses, told, clock, database, drain } = world;
  await drain();
  expect(await findings(world)).toMatchObject([{ state: 'open' }]);

  const preview = await type('bea', `${line} --dry-run`);
  const typed = await type('bea', line);

  expect(preview.out).toContain('Sign the review of the break-glass by Olu?');
  expect(preview.out).toContain('100 credits granted to sofia@firm.com.');
  expect(preview.out).toContain('customers are locked out');
  expect(typed.code).toBe(0);
  expect(await glasses()).toMatchObject([
    {
      reviewed_at: clock.now(),
      reviewer_person: 'bea',
      reviewer_id: 'terminal:bea',
      reviewer_name: 'Bea',
      review_note: 'the grant is right',
    },
  ]);
  expect(titles(await told('approvals')).at(-1)).toBe(
    'Bea reviewed the break-glass by Olu: 1 thing was done under it.',
  );
  expect(await findings(world)).toMatchObject([{ state: 'closed' }]);
  expect(await database.knex('timers').where({ kind: 'glass_review' })).toEqual([]);
  expect(await database.knex('audit_events').where({ command: 'break-glass review' })).toMatchObject([
    { outcome: 'done', person: 'bea' },
  ]);
});

test('where nobody had noticed that it is over, the review notices it first', async () => {
  const { type, line, glasses, told, glass, drain } = await afterNight();

  expect((await type('ada', line)).code).toBe(0);
  await drain();

  expect(await glasses()).toMatchObject([
    { ended_at: glass.ends_at, ended_by: null, reviewer_person: 'ada' },
  ]);
  expect(titles(await told('approvals'))).toEqual([
    expect.stringContaining('Olu broke the glass'),
    expect.stringContaining('is over since 09:30 UTC'),
    expect.stringContaining('Ada reviewed'),
  ]);
});

test('without a note the reason is the note', async () => {
  const { type, glass, glasses } = await afterNight();

  await type('bo', `break-glass review ${glass.id} --reason "read it all, it is right"`);

  expect(await glasses()).toMatchObject([{ review_note: 'read it all, it is right' }]);
});

test('nobody reviews their own, also not under another of their ids', async () => {
  const world = await glassWorld();
  const glass = await world.broken('ada');
  world.clock.advance(minutes(45));
  const line = `break-glass review ${glass.id} --reason "it is right" --yes`;
  const inSlack = slackActor(castOfGlass(), {
    userId: people.ada.id,
    name: 'Ada',
    groupIds: [],
    refusal: null,
  });
  // As if she had got her entry under people: only after she broke the glass.
  const before = { ...terminalActor(castOfGlass(), 'ada'), person: 'slack:U0ADA00001' };

  for (const actor of [terminalActor(castOfGlass(), 'ada'), inSlack, before]) {
    const typed = await world.lucy(line, actor);
    expect(typed.code).toBe(3);
    expect(typed.err).toContain('You broke this glass yourself, and nobody reviews their own.');
  }
  expect(await world.glasses()).toMatchObject([{ reviewed_at: null }]);
});

test('nobody reviews what they did before the settings knew their name', async () => {
  const { type, glass, database } = await afterNight();
  await database.knex('break_glass').insert({
    ...glass,
    id: 'glass_early',
    person: 'slack:U0ADA00001',
    actor_id: 'slack:U0ADA00001',
    actor_name: 'ada',
  });

  const typed = await type('ada', 'break-glass review glass_early --reason "it is right"');

  expect(typed.code).toBe(3);
  expect(typed.err).toContain('nobody reviews their own');
});

test('a login that is nobody’s cannot vouch for it', async () => {
  const { lucy, line, glasses } = await afterNight();

  const typed = await lucy(`${line} --yes`, staff('admin'));

  expect(typed.code).toBe(3);
  expect(typed.err).toContain('Lucy knows this login by no name');
  expect(await glasses()).toMatchObject([{ reviewed_at: null }]);
});

test('support may not', async () => {
  const { type, line } = await afterNight();

  expect((await type('sam', line)).code).toBe(3);
});

test('while it is in force there is nothing to sign yet', async () => {
  const { type, broken, clock, glasses } = await glassWorld();
  const glass = await broken();
  clock.set(glass.ends_at - 1);

  const typed = await type('bea', `break-glass review ${glass.id} --reason "it is right"`);

  expect(typed.code).toBe(1);
  expect(typed.err).toContain('This break-glass is in force until 09:30 UTC');
  expect(await glasses()).toMatchObject([{ ended_at: null, reviewed_at: null }]);
});

test('twice is told who did, and the first note stands', async () => {
  const { type, line, glasses } = await afterNight();
  await type('bea', line);

  const again = await type('bo', line.replace('right', 'wrong'));

  expect(again.code).toBe(1);
  expect(again.err).toContain('Bea reviewed this break-glass at 2026-11-21 09:45 UTC already');
  expect(await glasses()).toMatchObject([{ reviewer_name: 'Bea', review_note: 'the grant is right' }]);
});

test('of two who sign at once one does', async () => {
  const { type, line, told } = await afterNight();

  const typed = await Promise.all([type('bea', line), type('bo', line), type('ada', line)]);

  expect(typed.filter(({ code }) => code === 0)).toHaveLength(1);
  expect(titles(await told('approvals')).filter((title) => title.includes('reviewed'))).toHaveLength(1);
});

test('what one run left in the audit in several rows is one thing', async () => {
  const { type, line, glass, database } = await afterNight();
  const [row] = await database.knex('audit_events').where({ break_glass: glass.id });
  await database.knex('audit_events').insert({ ...row, id: `${row.id}z`, command: 'timer lot_expiry' });

  const preview = await type('bea', `${line} --dry-run`);

  expect(preview.out).toContain('1 thing was done under it');
});

test('what comes in between reading and signing is shown first', async () => {
  const { lucyWithPerson, line, glass, database, glasses } = await afterNight();
  const settings = castOfGlass();
  const late = async () => {
    const rows = await database.knex('audit_events').where({ break_glass: glass.id });
    await database
      .knex('audit_events')
      .insert({ ...rows[0], id: 'aud_late', run_id: null, command: 'refund request' });
    return 'y';
  };

  const typed = await lucyWithPerson(line, [late], terminalActor(settings, 'bea'));

  expect(typed.code).toBe(1);
  expect(typed.out).toContain('Something changed since the preview');
  expect(typed.out).toContain('2 things were done under it');
  expect(typed.out).toContain('refund request');
  expect(await glasses()).toMatchObject([{ reviewed_at: null }]);
});

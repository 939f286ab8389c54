import { expect, test } from 'vitest';
import { ada, bigGrant, glassWorld, minutes, olu, startLine, titles } from '#test/world/glass-world.ts';
import { idIn, runOf } from '#test/world/sofia-world.ts';

const end = 'break-glass end --reason "the grant is through"';
const WAITING = 4;

test('ended early, everybody who heard of it hears of its end and of what was done', async () => {
  const { type, broken, told, clock, glasses, database } = await glassWorld();
  const glass = await broken();
  await type('olu', bigGrant);
  clock.advance(minutes(10));

  const typed = await type('olu', end);

  expect(typed.code).toBe(0);
  expect(typed.out).toContain('The break-glass by Olu is ended.');
  expect(await glasses()).toMatchObject([
    { ended_at: Date.UTC(2026, 10, 21, 9, 10), ended_by: 'olu', ended_name: 'Olu' },
  ]);
  for (const target of ['approvals', 'oncall', ada]) {
    const news = (await told(target)).at(-1);
    expect(news?.title, target).toBe(
      'Olu ended their break-glass at 09:10 UTC: 1 thing was done under it, and it waits for a review.',
    );
    expect(news?.sections).toMatchObject([
      {
        heading: 'Done under it',
        lines: [
          [
            { at: Date.UTC(2026, 10, 21, 9) },
            '100 credits granted to sofia@firm.com.',
            { code: expect.stringMatching(/^run_/) },
          ],
        ],
      },
    ]);
    expect(news?.buttons).toEqual([
      { kind: 'command', label: 'Review', line: `break-glass review ${glass.id}` },
    ]);
  }
  expect((await type('olu', bigGrant)).code).toBe(WAITING);
  expect(await database.knex('findings').where({ kind: 'break_glass_review' })).toMatchObject([
    { subject: glass.id, state: 'open' },
  ]);
  expect(await database.knex('timers').whereIn('kind', ['glass_end', 'glass_review'])).toMatchObject([
    { kind: 'glass_review', subject: glass.id },
  ]);
});

test('an admin ends anybody’s, and its holder is told directly', async () => {
  const { type, broken, told } = await glassWorld();
  const glass = await broken('olu');

  const typed = await type('ada', `break-glass end ${glass.id} --reason "somebody is here now"`);

  expect(typed.code).toBe(0);
  expect(titles(await told(olu))).toEqual([
    'Ada ended the break-glass by Olu at 09:00 UTC: nothing was done under it, and it waits for a review.',
  ]);
  expect((await type('olu', bigGrant)).code).toBe(WAITING);
});

test('somebody else is refused, and told when it ends by itself', async () => {
  const { type, broken, glasses } = await glassWorld();
  const glass = await broken('olu');

  const typed = await type('bea', `break-glass end ${glass.id} --reason "enough"`);

  expect(typed.code).toBe(3);
  expect(typed.err).toContain('This break-glass is Olu’s, and only they or an admin can end it.');
  expect(typed.err).toContain('at 09:30 UTC it ends by itself');
  expect(await glasses()).toMatchObject([{ ended_at: null }]);
});

test('twice is told that it is over, once is told to others', async () => {
  const { type, broken, told } = await glassWorld();
  const glass = await broken();
  await type('olu', end);

  const own = await type('olu', end);
  const named = await type('ada', `break-glass end ${glass.id} --reason "enough"`);

  expect(own.code).toBe(5);
  expect(own.err).toContain('You have no break-glass open.');
  expect(named.code).toBe(1);
  expect(named.err).toContain('The break-glass by Olu is over since 09:00 UTC, so nothing was changed.');
  expect(await told('approvals')).toHaveLength(2);
});

test('at its last moment it is over by itself, and not ended by anybody', async () => {
  const { type, broken, clock, glasses } = await glassWorld();
  const glass = await broken();

  clock.set(glass.ends_at);
  const typed = await type('olu', end);

  expect(typed.code).toBe(1);
  expect(typed.err).toContain('is over since 09:30 UTC');
  expect(await glasses()).toMatchObject([{ ended_by: null }]);
});

test.each([
  ['glass_01k9zq3v5t8w2x4y6z7a8b9c0d', 5, 'There is no break-glass glass_01k9zq3v5t8w2x4y6z7a8b9c0d.'],
  ['run_01k9zq3v5t8w2x4y6z7a8b9c0d', 2, 'A break-glass starts with glass_'],
])('%s is none', async (id, code, sentence) => {
  const { type } = await glassWorld();

  const typed = await type('ada', `break-glass end ${id} --reason "enough"`);

  expect(typed.code).toBe(code);
  expect(typed.err).toContain(sentence);
});

test('undoing the start ends it; the end cannot be undone', async () => {
  const { type, glasses } = await glassWorld();
  const started = await type('olu', startLine('30m'));

  const undone = await type('olu', `undo ${runOf(started)} --reason "a false alarm" --ticket INC-7`);
  const redone = await type('olu', `undo ${runOf(undone)} --reason "no, it is not"`);

  expect(undone.code).toBe(0);
  expect(await glasses()).toMatchObject([{ id: idIn(started, 'glass'), ended_by: 'olu' }]);
  expect(redone.code).toBe(1);
  expect(await glasses()).toHaveLength(1);
});

test('what went through beside its end is in the news of its end, and the rest waited', async () => {
  const { type, broken, told } = await glassWorld();
  await broken();
  const grants = [1, 2, 3].map((nth) => type('olu', bigGrant.replace('100', `${100 + nth}`)));

  const typed = await Promise.all([...grants.slice(0, 2), type('olu', end), ...grants.slice(2)]);

  expect(typed[2]?.code).toBe(0);
  const through = typed.filter(({ out }) => /credits granted/.test(out));
  expect(typed.filter(({ code }) => code === WAITING).length + through.length).toBe(3);
  const news = (await told('approvals')).at(-1);
  expect(news?.sections?.[0]?.lines ?? []).toHaveLength(through.length);
});

test('several who end it at once end it once', async () => {
  const { type, broken, told } = await glassWorld();
  const glass = await broken();
  const line = `break-glass end ${glass.id} --reason "enough"`;

  const typed = await Promise.all([type('olu', line), type('ada', line), type('ada', line)]);

  expect(typed.filter(({ code }) => code === 0)).toHaveLength(1);
  expect(await told('oncall')).toHaveLength(2);
});

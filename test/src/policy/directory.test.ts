import { expect, test } from 'vitest';
import { writeSlackGroups } from '#db/slack-groups.ts';
import { HOUR_MS } from '#src/core/clock.ts';
import { settingsSchema } from '#src/core/settings.ts';
import { findPerson, holdersOf, whyNobodyCan } from '#src/policy/directory.ts';
import { freshGroups } from '#src/policy/group-snapshot.ts';
import { freshDatabase } from '#test/world/fresh-database.ts';

const now = Date.parse('2026-11-21T12:00:00Z');

const people = {
  sam: { name: 'Sam', slack: ['U0SAM', 'U0SAM2'], terminal: 'samuel' },
  bea: { name: 'Bea', slack: 'U0BEA', terminal: 'bea' },
  bo: { name: 'Bo', slack: 'U0BO' },
  ada: { name: 'Ada', terminal: 'ada', roles: ['admin' as const] },
};

const settings = settingsSchema.parse({
  roles: { billing: { groups: ['S0BILLING'], members: ['U0BEA'] }, support: { groups: ['S0SUPPORT'] } },
  people,
});

async function knowing(groups: Record<string, string[]>, readAt = now) {
  const { knex } = (await freshDatabase()).database;
  await writeSlackGroups(
    knex,
    Object.entries(groups).map(([groupId, members]) => ({ groupId, members, readAt })),
  );
  return knex;
}

test('who holds a role is who stands under people, in members or in a user group, each once', async () => {
  const sql = await knowing({ S0BILLING: ['U0BO', 'U0BEA', 'U0NEW'] });

  expect(await holdersOf(sql, settings, 'billing', now)).toEqual({
    people: [
      { person: 'bea', name: 'Bea', slackId: 'U0BEA' },
      { person: 'bo', name: 'Bo', slackId: 'U0BO' },
      { person: 'slack:U0NEW', name: 'U0NEW', slackId: 'U0NEW' },
    ],
    isComplete: true,
  });
  expect(await holdersOf(sql, settings, 'admin', now)).toEqual({
    people: [{ person: 'ada', name: 'Ada', slackId: null }],
    isComplete: true,
  });
});

test('a user group that was never read, or not within four hours, gives nobody and is said', async () => {
  const never = await knowing({});
  const lately = await knowing({ S0BILLING: ['U0BO'] }, now - 4 * HOUR_MS);
  const longAgo = await knowing({ S0BILLING: ['U0BO'] }, now - 4 * HOUR_MS - 1);
  const names = async (sql: typeof never) => {
    const { people: holders, isComplete } = await holdersOf(sql, settings, 'billing', now);
    return [...holders.map((holder) => holder.name), isComplete];
  };

  expect(await names(never)).toEqual(['Bea', false]);
  expect(await names(lately)).toEqual(['Bea', 'Bo', true]);
  expect(await names(longAgo)).toEqual(['Bea', false]);
});

test('what an approval needs is weighed against who else there is', async () => {
  const sql = await knowing({ S0BILLING: ['U0BO'] });
  const alone = settingsSchema.parse({ roles: { billing: { members: ['U0BEA'] } }, people });
  const noAdmin = settingsSchema.parse({
    roles: { billing: { members: ['U0BEA'] } },
    people: { bea: people.bea, sam: people.sam },
  });
  const why = async (known: typeof settings, count: number, requesterPerson: string) =>
    (await whyNobodyCan(sql, known, { role: 'billing', count, requesterPerson }, now))?.why ?? null;

  expect(await why(settings, 2, 'sam')).toBeNull();
  expect(await why(settings, 2, 'bea')).toBeNull();
  expect(await why(settings, 3, 'bea')).toBe('That takes 3 people, and only Bo and Ada could give it.');
  expect(await why(alone, 1, 'bea')).toBeNull();
  expect(await why(noAdmin, 1, 'sam')).toBeNull();
  expect(await why(noAdmin, 1, 'bea')).toBe(
    'Nobody but Bea holds the role billing or admin, and nobody approves their own request.',
  );
  expect(await why(settingsSchema.parse({}), 1, 'sam')).toBe('Nobody holds the role billing or admin.');
  const told = await whyNobodyCan(sql, noAdmin, { role: 'billing', count: 1, requesterPerson: 'bea' }, now);
  expect(told?.hint).toContain('Ask an admin to give somebody else the role billing');
});

test('while Slack was not asked, nobody is told that nobody can', async () => {
  const sql = await knowing({});

  expect(
    await whyNobodyCan(sql, settings, { role: 'billing', count: 5, requesterPerson: 'sam' }, now),
  ).toBeNull();
});

test.each([
  ['sam', 'slack:U0SAM', ['support', 'billing']],
  ['SAM', 'slack:U0SAM', ['support', 'billing']],
  ['@sam', 'slack:U0SAM', ['support', 'billing']],
  ['samuel', 'slack:U0SAM', ['support', 'billing']],
  ['U0SAM', 'slack:U0SAM', ['support']],
  ['slack:U0SAM2', 'slack:U0SAM2', ['billing']],
  ['terminal:samuel', 'terminal:samuel', ['support', 'billing']],
])('“%s” is Sam, one person', async (word, id, roles) => {
  const sql = await knowing({ S0SUPPORT: ['U0SAM'], S0BILLING: ['U0SAM2'] });

  expect(await findPerson(sql, settings, word, now)).toMatchObject({ person: 'sam', name: 'Sam', id, roles });
});

test('a name that nobody has, or that two people share, is nobody; an unknown member has no role', async () => {
  const sql = await knowing({});
  const twins = settingsSchema.parse({
    people: { a: { name: 'Bo', slack: 'U0A' }, b: { name: 'Bo', slack: 'U0B' } },
  });

  expect(await findPerson(sql, settings, 'mallory', now)).toBeUndefined();
  expect(await findPerson(sql, settings, 'constructor', now)).toBeUndefined();
  expect(await findPerson(sql, twins, 'bo', now)).toBeUndefined();
  expect(await findPerson(sql, settings, 'U0NOBODY', now)).toMatchObject({
    person: 'slack:U0NOBODY',
    roles: [],
  });
  expect(await findPerson(sql, settings, 'terminal:mallory', now)).toMatchObject({
    roles: [],
    refusal: expect.stringContaining('mallory'),
  });
});

test('newer knowledge of a group replaces older, and never the other way round', async () => {
  const sql = await knowing({ S0BILLING: ['U0BO'] }, now);
  await writeSlackGroups(sql, [{ groupId: 'S0BILLING', members: ['U0OLD'], readAt: now - 1 }]);
  expect((await freshGroups(sql, now)).get('S0BILLING')).toEqual(['U0BO']);

  await writeSlackGroups(sql, [{ groupId: 'S0BILLING', members: [], readAt: now + 1 }]);
  expect((await freshGroups(sql, now + 1)).get('S0BILLING')).toEqual([]);
});

import { expect, test } from 'vitest';
import { settingsSchema } from '#src/core/settings.ts';
import { slackActor, terminalActor } from '#src/policy/people.ts';
import { staff, terminalWorld } from '#test/world/terminal-world.ts';

const settings = settingsSchema.parse({
  roles: { support: { groups: ['S0SUPPORT'] }, billing: { members: ['U0BEA'] } },
  people: { ada: { name: 'Ada Admin', slack: 'U0ADA', terminal: 'ada', roles: ['admin'] } },
});

const member = (userId: string, groupIds: string[] = []) =>
  slackActor(settings, { userId, name: `@${userId}`, groupIds, refusal: null });

test.each([
  [member('U0ADA'), 'You are Ada Admin, with the role admin.', 'from people.ada.roles'],
  [member('U0BEA'), 'with the role billing', 'from roles.billing.members, which names U0BEA'],
  [
    member('U0SAM', ['S0SUPPORT']),
    'with the role support',
    'from a Slack user group of roles.support.groups',
  ],
  [terminalActor(settings, 'ada'), 'You are Ada Admin', 'from people.ada.roles'],
])('each role is told with the line that gives it: %#', async (actor, title, origin) => {
  const { lucy } = await terminalWorld({ settings });

  const typed = await lucy('whoami', actor);

  expect(typed.code).toBe(0);
  expect(typed.out).toContain(title);
  expect(typed.out).toContain(origin);
});

test('with nobody under people: the terminal is an admin, and is told why', async () => {
  const { lucy, runner } = await terminalWorld();

  const typed = await lucy('whoami', terminalActor(runner.settings, 'root'));

  expect(typed.out).toContain('because nobody is under people:');
});

test('without a role: help and whoami, and whom to ask', async () => {
  const { lucy } = await terminalWorld();

  const typed = await lucy('whoami --json', staff());

  expect(typed.json()).toMatchObject({ roles: [], commands: ['help', 'whoami'] });
  expect((await lucy('whoami', staff())).out).toContain('Ask an admin');
});

test('how far one may go stands in words, and nothing where there is no limit', async () => {
  const { lucy } = await terminalWorld();
  type Told = { limits: { command: string; limit: string }[] };
  const limit = (told: Told, command: string) =>
    told.limits.find((one) => one.command === command)?.limit ?? null;

  const sam = (await lucy('whoami --json', staff('support'))).json<Told>();
  const ada = (await lucy('whoami --json', staff('admin'))).json<Told>();

  expect(limit(sam, 'credits grant')).toBe(
    'alone up to 500 credits, up to 2,000 credits a day and up to 1,000 credits a day for one customer; more needs one approval by billing',
  );
  expect(limit(sam, 'tier set')).toBe(
    'alone up to the tier pro and for up to 30 days; more needs one approval by billing',
  );
  expect(limit(ada, 'credits grant')).toBe('alone up to 50,000 credits; more needs one approval by billing');
  // As much as may be given may be taken back.
  expect(limit(sam, 'credits reverse')).toBe(limit(sam, 'credits grant'));
  expect([limit(sam, 'credits consume'), limit(sam, 'customer add')]).toEqual([null, null]);
  expect((await lucy('whoami', staff('support'))).out).toContain('How far you may go');
  // On-call has a few that are bounded, and who has no role has none.
  expect((await lucy('whoami --json', staff('oncall'))).json<Told>().limits).toEqual([
    { command: 'backup restore', limit: 'needs one approval by oncall' },
    { command: 'customer unlock', limit: 'needs one approval by billing' },
    { command: 'reconcile apply', limit: 'needs one approval by billing' },
    { command: 'release rollback', limit: 'needs one approval by oncall' },
  ]);
  expect((await lucy('whoami', staff())).out).not.toContain('How far you may go');
});

test('one who may do nothing at all hears why, and the attempt is audited', async () => {
  const { lucy, database } = await terminalWorld({ settings });

  const typed = await lucy('whoami', terminalActor(settings, 'mallory'));

  expect(typed.code).toBe(3);
  expect(typed.err).toContain('The user mallory of this machine is nobody under people: in lucy.config.yml.');
  expect(await database.knex('audit_events')).toMatchObject([{ outcome: 'refused', command: 'whoami' }]);
});

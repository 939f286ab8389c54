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

test('one who may do nothing at all hears why, and the attempt is audited', async () => {
  const { lucy, database } = await terminalWorld({ settings });

  const typed = await lucy('whoami', terminalActor(settings, 'mallory'));

  expect(typed.code).toBe(3);
  expect(typed.err).toContain('The user mallory of this machine is nobody under people: in lucy.config.yml.');
  expect(await database.knex('audit_events')).toMatchObject([{ outcome: 'refused', command: 'whoami' }]);
});

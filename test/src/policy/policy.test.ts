import { expect, test } from 'vitest';
import type { Role } from '#src/core/actor.ts';
import { settingsSchema } from '#src/core/settings.ts';
import { authorise, mayRun } from '#src/policy/authorise.ts';
import { slackActor, terminalActor } from '#src/policy/people.ts';
import { staff } from '#test/world/terminal-world.ts';

const guest = { ...staff('admin'), refusal: 'Guests may not use Lucy.' };

test.each<[readonly Role[] | 'any role' | 'everyone', Role[], boolean]>([
  [['support', 'billing'], ['support'], true],
  [['support', 'billing'], ['oncall'], false],
  [['support', 'billing'], ['oncall', 'billing'], true],
  [['billing'], ['admin'], true],
  [['billing'], [], false],
  [[], ['support'], false],
  ['any role', ['oncall'], true],
  ['any role', [], false],
  ['everyone', [], true],
])('%j for one with %j: %s', (allowed, held, may) => {
  expect(mayRun(allowed, staff(...held))).toBe(may);
  expect(mayRun(allowed, { ...guest, roles: held })).toBe(false);
});

test('a refusal says what is needed, what one has, and whom to ask', () => {
  const command = { name: 'credits grant', allowed: ['support', 'billing'] as const };

  expect(() => authorise(command, staff('oncall'))).toThrow(
    expect.objectContaining({
      code: 'refused',
      message: '“credits grant” needs the role support or billing, and you have oncall.',
      hint: expect.stringContaining('Ask an admin'),
    }),
  );
  expect(() => authorise({ name: 'trace', allowed: 'any role' }, staff())).toThrow(
    '“trace” needs one of Lucy’s roles, and you have no role yet.',
  );
  expect(() => authorise({ name: 'whoami', allowed: 'everyone' }, guest)).toThrow('Guests may not use Lucy.');
});

const settings = settingsSchema.parse({
  roles: {
    support: { groups: ['S0SUPPORT'] },
    billing: { members: ['U0BEA'] },
    admin: { members: ['U0ADA'] },
  },
  people: {
    ada: { name: 'Ada', slack: 'U0ADA', terminal: 'ada' },
    olu: { name: 'Olu', terminal: 'olu', roles: ['oncall'] },
  },
});

test('in Slack roles come from groups, member ids and people, and from nowhere else', () => {
  const actor = (userId: string, groupIds: string[] = [], refusal: string | null = null) =>
    slackActor(settings, { userId, name: '@name', groupIds, refusal });

  expect(actor('U0SAM', ['S0SUPPORT', 'S0OTHER']).roles).toEqual(['support']);
  expect(actor('U0BEA', ['S0SUPPORT']).roles).toEqual(['support', 'billing']);
  expect(actor('U0ADA')).toMatchObject({ name: 'Ada', person: 'ada', roles: ['admin'], id: 'slack:U0ADA' });
  expect(actor('U0NEW')).toMatchObject({ name: '@name', person: 'slack:U0NEW', roles: [] });
  expect(actor('U0BEA', ['S0SUPPORT'], 'Guests may not use Lucy.')).toMatchObject({
    roles: [],
    refusal: expect.any(String),
  });
});

test('in the terminal one human is one person, whatever the surface; strangers are refused', () => {
  expect(terminalActor(settings, 'ada')).toMatchObject({
    name: 'Ada',
    person: 'ada',
    roles: ['admin'],
    refusal: null,
  });
  expect(terminalActor(settings, 'olu')).toMatchObject({ person: 'olu', roles: ['oncall'] });
  expect(terminalActor(settings, 'root')).toMatchObject({
    roles: [],
    refusal: expect.stringContaining('root'),
  });
});

test('with nobody under people: whoever is at the terminal is an admin with a name of the machine', () => {
  expect(terminalActor(settingsSchema.parse({}), 'root')).toMatchObject({
    id: 'terminal:root',
    person: 'terminal:root',
    roles: ['admin'],
    refusal: null,
  });
});

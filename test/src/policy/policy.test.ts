import { expect, test } from 'vitest';
import type { Role } from '#src/core/actor.ts';
import { settingsSchema } from '#src/core/settings.ts';
import { authorise, mayRun } from '#src/policy/authorise.ts';
import { slackActor, terminalActor } from '#src/policy/people.ts';
import { staff } from '#test/world/terminal-world.ts';

const guest = { ...staff('admin'), refusal: 'Guests may not use Lucy.' };

const unset = settingsSchema.parse({});

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
  const command = { name: 'test', allowed };
  expect(mayRun(unset, command, staff(...held))).toBe(may);
  expect(mayRun(unset, command, { ...guest, roles: held })).toBe(false);
});

test('a refusal says what is needed, what one has, and whom to ask', () => {
  const command = { name: 'credits grant', allowed: ['support', 'billing'] as const };

  expect(() => authorise(unset, command, staff('oncall'))).toThrow(
    expect.objectContaining({
      code: 'refused',
      message: '“credits grant” needs the role support or billing, and you have oncall.',
      hint: expect.stringContaining('Ask an admin'),
    }),
  );
  expect(() => authorise(unset, { name: 'trace', allowed: 'any role' }, staff())).toThrow(
    '“trace” needs one of Lucy’s roles, and you have no role yet.',
  );
  expect(() => authorise(unset, { name: 'whoami', allowed: 'everyone' }, guest)).toThrow(
    'Guests may not use Lucy.',
  );
});

test('the settings say who may run a command, over what the command itself says', () => {
  const narrowed = settingsSchema.parse({ policy: { 'customer add': { roles: ['billing'] } } });
  const nobody = settingsSchema.parse({ policy: { 'customer add': { roles: [] } } });
  const command = { name: 'customer add', allowed: ['support', 'billing'] as const };

  expect(mayRun(narrowed, command, staff('support'))).toBe(false);
  expect(mayRun(narrowed, command, staff('billing'))).toBe(true);
  expect(() => authorise(narrowed, command, staff('support'))).toThrow(
    'needs the role billing, and you have support',
  );
  expect(mayRun(nobody, command, staff('support', 'billing'))).toBe(false);
  expect(() => authorise(nobody, command, staff('billing'))).toThrow('needs the role admin');
});

test.each([
  ['a key under people', 'bea'],
  ['one of the Slack ids', 'U0BEA2'],
  ['a role', 'admin'],
])('never beats every role, for %s, from Slack and from the terminal alike', (_what, entry) => {
  const settings = settingsSchema.parse({
    people: { bea: { name: 'Bea', slack: ['U0BEA', 'U0BEA2'], terminal: 'bea', roles: ['admin'] } },
    policy: { 'customer add': { never: [entry] } },
  });
  const command = { name: 'customer add', allowed: ['support'] as const };
  const inSlack = slackActor(settings, { userId: 'U0BEA', name: 'Bea', groupIds: [], refusal: null });

  for (const actor of [inSlack, terminalActor(settings, 'bea')]) {
    expect(actor.roles).toEqual(['admin']);
    expect(mayRun(settings, command, actor)).toBe(false);
    expect(() => authorise(settings, command, actor)).toThrow(`The policy says that ${entry} never runs`);
    expect(mayRun(settings, { ...command, name: 'customer link' }, actor)).toBe(true);
  }
});

test('never names a member who has no entry under people, too, and nobody else', () => {
  const settings = settingsSchema.parse({
    roles: { support: { members: ['U0SAM', 'U0NEW'] } },
    policy: { 'customer add': { never: ['U0SAM'] } },
  });
  const member = (userId: string) =>
    slackActor(settings, { userId, name: userId, groupIds: [], refusal: null });
  const command = { name: 'customer add', allowed: ['support'] as const };

  expect(mayRun(settings, command, member('U0SAM'))).toBe(false);
  expect(mayRun(settings, command, member('U0NEW'))).toBe(true);
});

test.each([
  ['the channel by its name', { channelId: 'C0ONE', channelName: 'lucy-billing' }, true],
  ['the channel by its id', { channelId: 'C0TWO', channelName: 'privategroup' }, true],
  ['another channel', { channelId: 'C0ONE', channelName: 'random' }, false],
  ['a channel whose name is the id of the right one', { channelId: 'C0ONE', channelName: 'C0TWO' }, false],
  ['nowhere that Slack names, as Home', { channelId: null, channelName: null }, false],
  ['the terminal', null, true],
])('a command bound to channels is asked for in %s', (_where, place, may) => {
  const settings = settingsSchema.parse({
    policy: { 'customer add': { channels: ['#lucy-billing', 'C0TWO'] } },
  });
  const command = { name: 'customer add', allowed: ['support'] as const };
  const ask = () => authorise(settings, command, staff('support'), place);

  if (may) expect(ask).not.toThrow();
  else expect(ask).toThrow('“customer add” works in #lucy-billing or C0TWO only');
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
    sam: { name: 'Sam', slack: ['U0SAM', 'U0SAM2'], terminal: 'sam' },
  },
});

test('in Slack roles come from groups, member ids and people, and from nowhere else', () => {
  const actor = (userId: string, groupIds: string[] = [], refusal: string | null = null) =>
    slackActor(settings, { userId, name: '@name', groupIds, refusal });

  expect(actor('U0SAM', ['S0SUPPORT', 'S0OTHER']).roles).toEqual(['support']);
  expect(actor('U0BEA', ['S0SUPPORT']).roles).toEqual(['support', 'billing']);
  expect(actor('U0ADA')).toMatchObject({ name: 'Ada', person: 'ada', roles: ['admin'], id: 'slack:U0ADA' });
  expect(actor('U0SAM2')).toMatchObject({ person: 'sam', name: 'Sam', roles: [] });
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

test('in the terminal a user group gives its role to whoever has a Slack id in it, as far as that is known', () => {
  const groups = new Map([['S0SUPPORT', ['U0SAM2']]]);

  expect(terminalActor(settings, 'sam', groups)).toMatchObject({ person: 'sam', roles: ['support'] });
  expect(terminalActor(settings, 'sam').roles).toEqual([]);
  expect(terminalActor(settings, 'root', groups).roles).toEqual([]);
});

test('with nobody under people: whoever is at the terminal is an admin with a name of the machine', () => {
  expect(terminalActor(settingsSchema.parse({}), 'root')).toMatchObject({
    id: 'terminal:root',
    person: 'terminal:root',
    roles: ['admin'],
    refusal: null,
  });
});

import { type Actor, type Role, roles } from '#src/core/actor.ts';
import { type Settings, settingsSchema } from '#src/core/settings.ts';
import { slackActor, terminalActor } from '#src/policy/people.ts';

/** Somebody as the test knows them, whatever Lucy takes them for. */
export type Human = { name: string; roles: readonly Role[]; ids: readonly string[]; isGuest?: boolean };

/** Several ids are one human; Loner never has an entry under `people:`. */
export const humans: readonly Human[] = [
  {
    name: 'sam',
    roles: ['support', 'billing'],
    ids: ['slack:U0SAM00001', 'slack:U0SAM00002', 'terminal:sam'],
  },
  { name: 'bea', roles: ['billing'], ids: ['slack:U0BEA00001', 'slack:U0BEA00002', 'terminal:bea'] },
  { name: 'bo', roles: ['billing'], ids: ['slack:U0BO000001', 'terminal:bo'] },
  { name: 'olu', roles: ['oncall'], ids: ['slack:U0OLU00001', 'terminal:olu'] },
  { name: 'ada', roles: ['admin'], ids: ['slack:U0ADA00001', 'terminal:ada'] },
  { name: 'loner', roles: ['billing'], ids: ['slack:U0LONER001'] },
  { name: 'gus', roles: ['billing'], ids: ['slack:U0GUS00001'], isGuest: true },
  { name: 'intruder', roles: [], ids: ['terminal:intruder'] },
];

export const ids: readonly string[] = humans.flatMap((human) => human.ids);

export function humanOf(id: string): Human {
  const human = humans.find((candidate) => candidate.ids.includes(id));
  if (!human) throw new Error(`Nobody is ${id}`);
  return human;
}

/**
 * What one click of one person may give, and how many must agree to more; whose role was taken away; and who has no
 * entry under `people:` yet, so that only the first of their ids has a role.
 */
export type Era = {
  alone: number;
  perDay: number;
  approvers: number;
  without: readonly string[];
  unjoined: readonly string[];
};

export const eras: readonly Era[] = [
  { alone: 50, perDay: 120, approvers: 1, without: [], unjoined: [] },
  { alone: 100, perDay: 150, approvers: 2, without: [], unjoined: [] },
  { alone: 20, perDay: 60, approvers: 1, without: ['bea', 'ada'], unjoined: [] },
  { alone: 0, perDay: 0, approvers: 1, without: ['sam'], unjoined: [] },
  { alone: 0, perDay: 0, approvers: 2, without: [], unjoined: ['sam', 'bea'] },
];

export function settingsOf(era: Era): Settings {
  const { alone, perDay, approvers } = era;
  const steps = [
    { up_to: { credits: alone, per_person_day: { credits: perDay } } },
    { approvers: { role: 'billing', count: approvers } },
  ];
  return settingsSchema.parse({
    roles: Object.fromEntries(roles.map((role) => [role, { members: membersOf(era, role) }])),
    people: Object.fromEntries(
      humans
        .filter((human) => human.ids.length > 1 && !era.unjoined.includes(human.name))
        .map((human) => [human.name, { name: human.name, slack: slackIdsOf(human), terminal: human.name }]),
    ),
    policy: {
      'credits grant': { steps },
      'tier set': { steps: [{ approvers: { role: 'billing', count: approvers } }] },
    },
    approvals: { dwell: '0s' },
  });
}

function membersOf({ without, unjoined }: Era, role: Role): string[] {
  return humans
    .filter((human) => human.roles.includes(role) && !without.includes(human.name))
    .flatMap((human) => slackIdsOf(human).slice(0, unjoined.includes(human.name) ? 1 : undefined));
}

function slackIdsOf(human: Human): string[] {
  return human.ids.filter((id) => id.startsWith('slack:')).map((id) => id.slice('slack:'.length));
}

/** Whoever has this id, as Lucy's surfaces make them. */
export function actorOf(settings: Settings, id: string): Actor {
  const [surface, word = ''] = id.split(':');
  if (surface === 'terminal') return terminalActor(settings, word);
  const refusal = humanOf(id).isGuest ? 'Guests of this workspace cannot use Lucy.' : null;
  return slackActor(settings, { userId: word, name: humanOf(id).name, groupIds: [], refusal });
}

/** Who could say yes in this era, by the test’s own reckoning. */
export function mayApprove({ without, unjoined }: Era, id: string): boolean {
  const { name, roles: held, isGuest, ids: known } = humanOf(id);
  if (isGuest || without.includes(name) || (unjoined.includes(name) && id !== known[0])) return false;
  return held.some((role) => role === 'billing' || role === 'admin');
}

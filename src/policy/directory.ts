import type { Sql } from '#db/connection.ts';
import type { Actor, Role } from '#src/core/actor.ts';
import type { Settings } from '#src/core/settings.ts';
import { counted, listed } from '#src/core/text.ts';
import { freshGroups } from './group-snapshot.ts';
import { type GroupMembers, rolesOf, slackActor, terminalActor } from './people.ts';

export type Holder = { person: string; name: string; slackId: string | null };

/** Who holds a role. Not complete while a user group that gives it was not read in Slack lately. */
export type Holders = { people: Holder[]; isComplete: boolean };

export async function holdersOf(sql: Sql, settings: Settings, role: Role, now: number): Promise<Holders> {
  const groups = await freshGroups(sql, now);
  const { members, groups: named } = settings.roles[role];
  const listedPeople = Object.entries(settings.people)
    .filter(([, person]) => rolesOf(settings, person, groups).includes(role))
    .map(([key, person]) => ({ person: key, name: person.name, slackId: person.slack[0] ?? null }));
  const known = new Set(Object.values(settings.people).flatMap((person) => person.slack));
  const others = [...members, ...named.flatMap((group) => groups.get(group) ?? [])].filter(
    (id) => !known.has(id),
  );
  return {
    people: [
      ...listedPeople,
      ...[...new Set(others)].map((id) => ({ person: `slack:${id}`, name: id, slackId: id })),
    ],
    isComplete: named.every((group) => groups.has(group)),
  };
}

/**
 * Why nobody could ever give this approval, and what to do; null when somebody can, or when Slack was not asked
 * lately, so that nobody knows. An admin may answer everything, and nobody their own request.
 */
export async function whyNobodyCan(
  sql: Sql,
  settings: Settings,
  asked: { role: Role; count: number; requesterPerson: string },
  now: number,
): Promise<{ why: string; hint: string } | null> {
  const { role, count, requesterPerson } = asked;
  const sources = [await holdersOf(sql, settings, role, now), await holdersOf(sql, settings, 'admin', now)];
  if (sources.some((source) => !source.isComplete)) return null;
  const holders = new Map(
    sources.flatMap((source) => source.people).map((holder) => [holder.person, holder]),
  );
  const requester = holders.get(requesterPerson);
  holders.delete(requesterPerson);
  if (holders.size >= count) return null;
  const others = [...holders.values()].map((holder) => holder.name);
  const whose = role === 'admin' ? 'the role admin' : `the role ${role} or admin`;
  return {
    why: whyTooFew(whose, count, requester?.name ?? null, others),
    hint: `Ask an admin to give somebody else the role ${role}, in its user group in Slack or under roles: in lucy.config.yml; nothing was changed.`,
  };
}

function whyTooFew(whose: string, count: number, requester: string | null, others: string[]): string {
  if (others.length > 0)
    return `That takes ${counted(count, 'person', 'people')}, and only ${listed(others)} could give it.`;
  if (requester !== null)
    return `Nobody but ${requester} holds ${whose}, and nobody approves their own request.`;
  return `Nobody holds ${whose}.`;
}

/**
 * Somebody by what they are called: their key or name under `people:`, a Slack member id, a login, or an actor's id.
 * Their roles are what is known now; a user group that was not read in Slack lately gives none.
 */
export async function findPerson(
  sql: Sql,
  settings: Settings,
  word: string,
  now: number,
): Promise<Actor | undefined> {
  const groups = await freshGroups(sql, now);
  const slackId = /^(?:slack:)?([UW][A-Z0-9]{2,})$/.exec(word)?.[1];
  if (slackId) return memberActor(settings, slackId, groups);
  if (word.startsWith('terminal:')) return terminalActor(settings, word.slice('terminal:'.length), groups);
  const key = keyOf(settings, word);
  return key === undefined ? undefined : personActor(settings, key, groups);
}

function memberActor(settings: Settings, userId: string, groups: GroupMembers): Actor {
  const groupIds = [...groups].filter(([, members]) => members.includes(userId)).map(([id]) => id);
  return slackActor(settings, { userId, name: userId, groupIds, refusal: null });
}

/** Keys first, then logins, then names; a name that two people share is nobody's. */
function keyOf(settings: Settings, word: string): string | undefined {
  const wanted = word.replace(/^@/, '').toLowerCase();
  const entries = Object.entries(settings.people);
  const byKey = entries.find(([key]) => key.toLowerCase() === wanted);
  const byLogin = entries.find(([, person]) => person.terminal?.toLowerCase() === wanted);
  const byName = entries.filter(([, person]) => person.name.toLowerCase() === wanted);
  return (byKey ?? byLogin ?? (byName.length === 1 ? byName[0] : undefined))?.[0];
}

function personActor(settings: Settings, key: string, groups: GroupMembers): Actor | undefined {
  const person = settings.people[key];
  if (!person) return undefined;
  const [slackId] = person.slack;
  return {
    kind: 'staff',
    id: slackId ? `slack:${slackId}` : person.terminal ? `terminal:${person.terminal}` : key,
    name: person.name,
    person: key,
    roles: rolesOf(settings, person, groups),
    refusal: null,
  };
}

import { type Actor, type Role, roles } from '#src/core/actor.ts';
import type { Settings } from '#src/core/settings.ts';
import { defang } from '#src/core/text.ts';

/** Slack's facts about who is asking, freshly enough read. */
export type SlackMember = {
  userId: string;
  name: string;
  /** User groups that this member is in now. */
  groupIds: readonly string[];
  refusal: string | null;
};

export type Person = Settings['people'][string];

/** Slack user groups by their id, and the member ids in each, as far as anybody has read them. */
export type GroupMembers = ReadonlyMap<string, readonly string[]>;

/** A Slack member as an actor: roles by user group, by member id, and by the person's entry under `people:`. */
export function slackActor(settings: Settings, member: SlackMember): Actor {
  const [key, person] =
    Object.entries(settings.people).find(([, entry]) => entry.slack.includes(member.userId)) ?? [];
  const held = roles.filter((role) => {
    const source = settings.roles[role];
    return (
      source.members.includes(member.userId) ||
      source.groups.some((group) => member.groupIds.includes(group)) ||
      (person?.roles.includes(role) ?? false)
    );
  });
  return {
    kind: 'staff',
    id: `slack:${member.userId}`,
    name: person?.name ?? ownName(settings, member),
    person: key ?? `slack:${member.userId}`,
    roles: member.refusal === null ? held : [],
    refusal: member.refusal,
  };
}

/** What a member calls themselves, with the id behind it where somebody listed has that name. */
function ownName(settings: Settings, { name, userId }: SlackMember): string {
  const shown = defang(name).trim() || userId;
  const isTaken = Object.values(settings.people).some(
    (person) => person.name.toLowerCase() === shown.toLowerCase(),
  );
  return isTaken ? `${shown} (${userId})` : shown;
}

/**
 * The OS user as an actor. With people configured, only they may act; with none, whoever can run the command on the
 * server is an admin, because they could change the database itself (DESIGN section 9: terminal).
 *
 * @param groups who is in Slack's user groups, freshly enough read; what is not known gives no role
 */
export function terminalActor(settings: Settings, osUser: string, groups: GroupMembers = new Map()): Actor {
  const [key, person] = Object.entries(settings.people).find(([, entry]) => entry.terminal === osUser) ?? [];
  const hasPeople = Object.keys(settings.people).length > 0;
  const held: readonly Role[] = person ? rolesOf(settings, person, groups) : hasPeople ? [] : ['admin'];
  return {
    kind: 'staff',
    id: `terminal:${osUser}`,
    name: person?.name ?? `terminal:${osUser}`,
    person: key ?? `terminal:${osUser}`,
    roles: held,
    refusal:
      hasPeople && !person
        ? `The user ${osUser} of this machine is nobody under people: in lucy.config.yml.`
        : null,
  };
}

/** Every role of a person, by whichever of their names it is given. */
export function rolesOf(settings: Settings, person: Person, groups: GroupMembers): Role[] {
  return roles.filter(
    (role) =>
      person.roles.includes(role) ||
      settings.roles[role].members.some((id) => person.slack.includes(id)) ||
      settings.roles[role].groups.some((group) => groups.get(group)?.some((id) => person.slack.includes(id))),
  );
}

import { type Actor, type Role, roles } from '#src/core/actor.ts';
import type { Settings } from '#src/core/settings.ts';

/** Slack's facts about who is asking, freshly enough read. */
export type SlackMember = {
  userId: string;
  name: string;
  /** User groups that this member is in now. */
  groupIds: readonly string[];
  refusal: string | null;
};

/** A Slack member as an actor: roles by user group, by member id, and by the person's entry under `people:`. */
export function slackActor(settings: Settings, member: SlackMember): Actor {
  const [key, person] =
    Object.entries(settings.people).find(([, entry]) => entry.slack === member.userId) ?? [];
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
    name: person?.name ?? member.name,
    person: key ?? `slack:${member.userId}`,
    roles: member.refusal === null ? held : [],
    refusal: member.refusal,
  };
}

/**
 * The OS user as an actor. With people configured, only they may act; with none, whoever can run the command on the
 * server is an admin, because they could change the database itself (DESIGN section 9: terminal).
 */
export function terminalActor(settings: Settings, osUser: string): Actor {
  const [key, person] = Object.entries(settings.people).find(([, entry]) => entry.terminal === osUser) ?? [];
  const hasPeople = Object.keys(settings.people).length > 0;
  const held: readonly Role[] = person ? personRoles(settings, person) : hasPeople ? [] : ['admin'];
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

function personRoles(settings: Settings, person: Settings['people'][string]): Role[] {
  return roles.filter(
    (role) =>
      person.roles.includes(role) ||
      (person.slack !== undefined && settings.roles[role].members.includes(person.slack)),
  );
}

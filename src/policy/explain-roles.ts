import type { Actor, Role } from '#src/core/actor.ts';
import type { Settings } from '#src/core/settings.ts';

/** Where a role comes from, as a sentence, so that a wrong one can be traced to the line that gives it. */
export type RoleOrigin = { role: Role; from: string };

export function explainRoles(settings: Settings, actor: Actor): RoleOrigin[] {
  return actor.roles.map((role) => ({ role, from: originOf(settings, actor, role) }));
}

function originOf(settings: Settings, actor: Actor, role: Role): string {
  const person = Object.hasOwn(settings.people, actor.person) ? settings.people[actor.person] : undefined;
  if (person?.roles.includes(role)) return `from people.${actor.person}.roles`;
  const own = actor.id.startsWith('slack:') ? [actor.id.slice('slack:'.length)] : [];
  const slackIds = [...own, ...(person?.slack ?? [])];
  const named = slackIds.find((id) => settings.roles[role].members.includes(id));
  if (named !== undefined) return `from roles.${role}.members, which names ${named}`;
  if (slackIds.length > 0 && settings.roles[role].groups.length > 0)
    return `from a Slack user group of roles.${role}.groups`;
  if (actor.id.startsWith('terminal:') && Object.keys(settings.people).length === 0)
    return 'because nobody is under people:, so whoever works on this machine is an admin';
  return 'from whoever started this session';
}

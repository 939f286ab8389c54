import type { Actor, Role } from '#src/core/actor.ts';
import { UserError } from '#src/core/errors.ts';
import type { Settings } from '#src/core/settings.ts';
import { listed } from '#src/core/text.ts';
import type { Place } from './place.ts';
import { ruleOf } from './rule-of.ts';

/** Who may run a command: these roles, anyone with a role, or every full member of the workspace. */
export type Allowed = readonly Role[] | 'any role' | 'everyone';

type Commanded = { name: string; allowed: Allowed };

/** Whom policy lets run a command: whom the settings name, else whom the command itself does. */
export function allowedOf(settings: Settings, command: Commanded): Allowed {
  return ruleOf(settings, command.name)?.roles ?? command.allowed;
}

/** Default deny: a role that no configuration gives is held by nobody (DESIGN section 4). */
export function mayRun(settings: Settings, command: Commanded, actor: Actor): boolean {
  if (actor.refusal !== null || deniedBy(settings, command.name, actor) !== null) return false;
  const allowed = allowedOf(settings, command);
  if (allowed === 'everyone') return true;
  if (allowed === 'any role') return actor.roles.length > 0;
  return actor.roles.includes('admin') || allowed.some((role) => actor.roles.includes(role));
}

/**
 * Refuses politely, and says whom to ask.
 *
 * @param place where in Slack it was asked; null where there are no channels
 * @throws UserError
 */
export function authorise(settings: Settings, command: Commanded, actor: Actor, place?: Place | null): void {
  const refused = refusalOf(settings, command, actor);
  if (refused) throw refused;
  const channels = ruleOf(settings, command.name)?.channels ?? [];
  if (!place || channels.length === 0 || channels.some((channel) => isThere(place, channel))) return;
  throw new UserError(
    'refused',
    `“${command.name}” works in ${either(channels)} only, and this is somewhere else.`,
    `Type it again in ${either(channels)}.`,
  );
}

/** The entry of `never` that hits this person, under whichever of their names; null when none does. */
function deniedBy(settings: Settings, commandName: string, actor: Actor): string | null {
  const slackIds = Object.hasOwn(settings.people, actor.person)
    ? (settings.people[actor.person]?.slack ?? [])
    : [];
  const names: string[] = [actor.person, actor.id.replace(/^slack:/, ''), ...slackIds, ...actor.roles];
  return ruleOf(settings, commandName)?.never.find((entry) => names.includes(entry)) ?? null;
}

/** Why this person may not run the command anywhere, and whom to ask; null when they may. */
export function refusalOf(settings: Settings, command: Commanded, actor: Actor): UserError | null {
  if (mayRun(settings, command, actor)) return null;
  if (actor.refusal !== null) {
    return new UserError(
      'refused',
      actor.refusal,
      actor.id.startsWith('terminal:')
        ? `Ask an admin to add “${actor.id.replace(':', ': ')}” to your entry under people: in lucy.config.yml.`
        : 'Ask a colleague who is a full member of the Lucy workspace to do this for you.',
    );
  }
  const denied = deniedBy(settings, command.name, actor);
  if (denied !== null) {
    return new UserError(
      'refused',
      `The policy says that ${denied} never runs “${command.name}”, and that is you.`,
      'Ask a colleague who may run it, or an admin to change policy: in lucy.config.yml.',
    );
  }
  const allowed = allowedOf(settings, command);
  const needed = typeof allowed === 'string' ? 'one of Lucy’s roles' : `the role ${either(allowed)}`;
  return new UserError(
    'refused',
    `“${command.name}” needs ${needed}, and ${actor.roles.length ? `you have ${listed(actor.roles)}` : 'you have no role yet'}.`,
    'Ask an admin to add you to the right user group, or a colleague who has the role to do it. “whoami” shows what Lucy knows of you.',
  );
}

/** Slack gives the name without #, and for private channels none at all: there only the id fits. */
function isThere(place: Place, channel: string): boolean {
  return channel.startsWith('#') ? channel.slice(1) === place.channelName : channel === place.channelId;
}

function either(words: readonly string[]): string {
  return listed(words.length > 0 ? words : ['admin']).replace(/ and (?=\S+$)/, ' or ');
}

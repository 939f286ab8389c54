import type { Actor, Role } from '#src/core/actor.ts';
import { UserError } from '#src/core/errors.ts';
import { listed } from '#src/core/text.ts';

/** Who may run a command: these roles, anyone with a role, or every full member of the workspace. */
export type Allowed = readonly Role[] | 'any role' | 'everyone';

/** Default deny: a role that no configuration gives is held by nobody (DESIGN section 4). */
export function mayRun(allowed: Allowed, actor: Actor): boolean {
  if (actor.refusal !== null) return false;
  if (allowed === 'everyone') return true;
  if (allowed === 'any role') return actor.roles.length > 0;
  return actor.roles.includes('admin') || allowed.some((role) => actor.roles.includes(role));
}

/** Refuses politely, and says whom to ask. */
export function authorise(command: { name: string; allowed: Allowed }, actor: Actor): void {
  if (mayRun(command.allowed, actor)) return;
  if (actor.refusal !== null) {
    throw new UserError(
      'refused',
      actor.refusal,
      actor.id.startsWith('terminal:')
        ? `Ask an admin to add “${actor.id.replace(':', ': ')}” to your entry under people: in lucy.config.yml.`
        : 'Ask a colleague who is a full member of the Lucy workspace to do this for you.',
    );
  }
  const needed =
    typeof command.allowed === 'string'
      ? 'one of Lucy’s roles'
      : `the role ${listed(command.allowed).replace(' and ', ' or ')}`;
  throw new UserError(
    'refused',
    `“${command.name}” needs ${needed}, and ${actor.roles.length ? `you have ${listed(actor.roles)}` : 'you have no role yet'}.`,
    'Ask an admin to add you to the right user group, or a colleague who has the role to do it. “whoami” shows what Lucy knows of you.',
  );
}

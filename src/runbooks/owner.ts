import { mentionsOfRole, requesterInbox } from '#src/approvals/mentions.ts';
import { type Actor, roles } from '#src/core/actor.ts';
import { UserError } from '#src/core/errors.ts';
import type { Settings } from '#src/core/settings.ts';
import type { Reply } from '#src/replies/reply.ts';

/** What people call whoever the runbooks belong to. */
export function ownerWords({ runbooks: { owner }, people }: Settings): string {
  return Object.hasOwn(people, owner) ? (people[owner]?.name ?? owner) : `the role ${owner}`;
}

/** @throws UserError unless the runbooks are theirs; admins may in any case */
export function requireOwner(settings: Settings, actor: Actor): void {
  const { owner } = settings.runbooks;
  if (actor.roles.includes('admin') || actor.person === owner) return;
  if (roles.some((role) => role === owner && actor.roles.includes(role))) return;
  throw new UserError(
    'refused',
    `The runbooks belong to ${ownerWords(settings)}, who decides about what is suggested.`,
    `Ask ${ownerWords(settings)} to decide it.`,
  );
}

export function ownerMentions(settings: Settings): NonNullable<Reply['mentions']> {
  const { owner } = settings.runbooks;
  if (!Object.hasOwn(settings.people, owner)) return mentionsOfRole(settings, owner);
  const inbox = requesterInbox(settings, { requester_id: '', requester_person: owner });
  return inbox === null ? {} : { users: [inbox.slice('user:'.length)] };
}

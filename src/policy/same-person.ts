import type { Actor } from '#src/core/actor.ts';
import type { Settings } from '#src/core/settings.ts';

/** Somebody as a row keeps them: the person they were then, and the id under which they acted. */
export type Kept = { person: string; actorId: string };

/**
 * Whether this is the human who was written down, under any of their ids. The settings may have joined an id to a
 * person, or renamed the person, only after the row was written.
 */
export function isSamePerson(settings: Settings, kept: Kept, actor: Actor): boolean {
  if (kept.person === actor.person || kept.actorId === actor.id) return true;
  const known = Object.hasOwn(settings.people, actor.person) ? settings.people[actor.person] : undefined;
  if (known === undefined) return false;
  const ids = [...known.slack.map((id) => `slack:${id}`), `terminal:${known.terminal}`];
  return ids.includes(kept.actorId);
}

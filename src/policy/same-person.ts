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
  return joinedIds(settings, actor).includes(kept.actorId);
}

/**
 * Every name under which something may have been written down for this human: their key under `people:`, the id under
 * which they act now, and all ids that the settings join to them.
 */
export function namesOf(settings: Settings, actor: Actor): string[] {
  return [...new Set([actor.person, actor.id, ...joinedIds(settings, actor)])].sort();
}

function joinedIds(settings: Settings, { person }: Actor): string[] {
  const known = Object.hasOwn(settings.people, person) ? settings.people[person] : undefined;
  if (known === undefined) return [];
  return [
    ...known.slack.map((id) => `slack:${id}`),
    ...(known.terminal ? [`terminal:${known.terminal}`] : []),
  ];
}

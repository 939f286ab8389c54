import type { Settings } from '#src/core/settings.ts';

/** Where somebody can be told directly, from what they are called in the rows; null for who is known elsewhere only. */
export function slackIdOf(settings: Settings, person: string | null): string | null {
  if (person === null) return null;
  const own = /^slack:([UW][A-Z0-9]{2,})$/.exec(person)?.[1];
  return own ?? (Object.hasOwn(settings.people, person) ? (settings.people[person]?.slack[0] ?? null) : null);
}

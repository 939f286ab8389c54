import type { Surface } from '#src/core/actor.ts';

/** Where in Slack somebody asks; both null where Slack does not say, as in a modal or in Home. */
export type Place = { channelId: string | null; channelName: string | null };

/** The place of a request, from what its surface kept with it. The terminal has none and is bound to no channel. */
export function placeOf(surface: Surface, origin: unknown): Place | null {
  if (surface !== 'slack') return null;
  const kept = (typeof origin === 'object' ? origin : null) as Partial<Record<keyof Place, unknown>> | null;
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
  return { channelId: text(kept?.channelId), channelName: text(kept?.channelName) };
}

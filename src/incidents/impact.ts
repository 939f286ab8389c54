import { fieldError } from '#src/core/errors.ts';
import type { Settings } from '#src/core/settings.ts';
import { listed } from '#src/core/text.ts';

/** How much of a component is out of order, in the words of status pages, mildest first. */
export const impacts = ['degraded', 'partial', 'major'] as const;
export type Impact = (typeof impacts)[number];
export type Impacts = Readonly<Record<string, Impact>>;

export const impactWords: Readonly<Record<Impact, string>> = {
  degraded: 'slow or degraded',
  partial: 'partly out of order',
  major: 'out of order',
};

/**
 * Reads `app=major api=degraded`; `none` for no component at all.
 *
 * @throws UserError that names the components there are
 */
export function parseImpacts(settings: Settings, text: string): Impacts {
  if (text.trim().toLowerCase() === 'none') return {};
  const known = settings.status_page.components.map(({ id }) => id);
  return Object.fromEntries(
    text
      .split(/[\s,]+/)
      .filter(Boolean)
      .map((part) => {
        const [id = '', impact = 'degraded'] = part.toLowerCase().split('=');
        const found = impacts.find((word) => word === impact);
        if (!known.includes(id) || !found)
          throw fieldError(
            'components',
            `“${part}” is not a component with its impact.`,
            `Write for example ${known[0]}=major. Components: ${listed(known)}; impacts: ${listed(impacts)}; or “none”.`,
          );
        return [id, found];
      }),
  );
}

export function readImpacts(text: string): Impacts {
  return JSON.parse(text);
}

/** `The app: out of order, The API: slow or degraded`. */
export function describeImpacts(settings: Settings, given: Impacts): string {
  const words = settings.status_page.components.flatMap(({ id, name }) => {
    const impact = given[id];
    return impact ? [`${name}: ${impactWords[impact]}`] : [];
  });
  return words.length > 0 ? words.join(', ') : 'no component';
}

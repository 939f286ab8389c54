import type { IncidentRow } from '#db/incidents.ts';
import { formatUtc } from '#src/core/clock.ts';
import { impactWords } from '#src/incidents/impact.ts';
import type { StatusPicture } from './picture.ts';

export const stateWords: Readonly<Record<IncidentRow['state'], string>> = {
  investigating: 'Investigating',
  identified: 'Identified',
  monitoring: 'Monitoring',
  resolved: 'Resolved',
};

/** The one sentence at the top of the page. */
export function headline({ components, open }: StatusPicture): string {
  const bad = components.filter(({ impact }) => impact !== null);
  if (bad.length > 0)
    return bad.map(({ name, impact }) => `${name} is ${impactWords[impact ?? 'degraded']}`).join(', ');
  return open.length > 0 ? 'We are looking into a problem' : 'Everything works';
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** A moment for people and machines; browsers without a script show UTC. */
export function timeTag(at: number): string {
  return `<time datetime="${new Date(at).toISOString()}">${formatUtc(at)}</time>`;
}

import { isoTime } from '#src/core/clock.ts';
import type { StatusPicture } from './picture.ts';
import { escapeXml, stateWords } from './words.ts';

const ENTRIES_MAX = 50;

/** Atom (RFC 4287): one entry for each published update, newest first; ids never change. */
export function statusFeed(picture: StatusPicture, pageUrl: string): string {
  const entries = [...picture.open, ...picture.past]
    .flatMap((incident) => incident.updates.map((update) => ({ incident, update })))
    .sort((one, other) => other.update.at - one.update.at)
    .slice(0, ENTRIES_MAX)
    .map(
      ({ incident, update }) => `<entry>
<id>urn:lucy:${update.id}</id>
<title>${escapeXml(`${stateWords[update.state]}: ${incident.title}`)}</title>
<updated>${isoTime(update.at)}</updated>
<link href="${escapeXml(`${pageUrl}#${incident.id}`)}"/>
<content type="text">${escapeXml(update.body)}</content>
</entry>`,
    );
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>urn:lucy:status</id>
<title>${escapeXml(picture.title)}</title>
<author><name>${escapeXml(picture.title)}</name></author>
<updated>${isoTime(picture.changedAt ?? 0)}</updated>
<link href="${escapeXml(pageUrl)}"/>
${entries.join('\n')}
</feed>
`;
}

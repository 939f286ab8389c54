import { formatUtc } from '#src/core/clock.ts';
import { counted } from '#src/core/text.ts';
import { impacts, impactWords } from '#src/incidents/impact.ts';
import type { Day } from './history.ts';
import { HISTORY_DAYS, type PublicIncident, type StatusPicture } from './picture.ts';
import { style } from './style.ts';
import { escapeXml, headline, stateWords, timeTag } from './words.ts';

/** Where the other two are, seen from the page. */
export type Links = { json: string; feed: string };

/** The page as customers see it: plain HTML that needs no script, on a phone and in the dark, too. */
export function statusPage(picture: StatusPicture, now: number, links: Links): string {
  const worst = impacts.findLast((impact) => picture.components.some((one) => one.impact === impact));
  const title = escapeXml(picture.title);
  const open = picture.open.map((incident) => incidentCard(incident)).join('');
  const past = picture.past.map((incident) => incidentCard(incident)).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="${escapeXml(headline(picture))}.">
<meta http-equiv="refresh" content="60">
<title>${title}: ${escapeXml(headline(picture))}</title>
<link rel="alternate" type="application/atom+xml" title="${title}" href="${links.feed}">
<style>${style}</style>
</head>
<body>
<header><h1>${title}</h1><p class="now ${worst ?? ''}" role="status">${escapeXml(headline(picture))}.</p></header>
<main>
${open === '' ? '' : `<h2>Now</h2>${open}`}
<h2>Components</h2>
${picture.components.map(componentCard).join('')}
<h2>The last ${HISTORY_DAYS} days</h2>
${past === '' ? `<p class="soft">No ${open === '' ? '' : 'other '}incident was reported.</p>` : past}
</main>
<footer><p class="soft">As of ${timeTag(now)}. <a href="${links.feed}">Atom feed</a>, <a href="${links.json}">JSON</a>.</p></footer>
</body>
</html>
`;
}

function componentCard({ name, impact, days }: StatusPicture['components'][number]): string {
  const said = impact === null ? 'works' : impactWords[impact];
  return `<section class="card"><div class="row"><h3>${escapeXml(name)}</h3><span class="${impact ?? 'ok'}">${said}</span></div>
<div class="days" aria-hidden="true">${days.map(dayBar).join('')}</div>
<p class="soft" style="margin:0">${escapeXml(daysInWords(days))}</p></section>`;
}

function dayBar({ date, worst, minutes }: Day): string {
  const said = worst === null ? 'nothing reported' : `${impactWords[worst]}, ${lastedWords(minutes)}`;
  return `<i class="${worst ?? ''}" title="${date}: ${said}"></i>`;
}

function lastedWords(minutes: number): string {
  return minutes === 0 ? 'less than a minute' : counted(minutes, 'minute');
}

/** What the bars say, for whoever does not see them. */
function daysInWords(days: readonly Day[]): string {
  const bad = days.filter(({ worst }) => worst !== null);
  if (bad.length === 0) return `Nothing was reported in the last ${days.length} days.`;
  const minutes = bad.reduce((sum, day) => sum + day.minutes, 0);
  return `Trouble on ${counted(bad.length, 'day')} of the last ${days.length}, ${lastedWords(minutes)} in all.`;
}

function incidentCard(incident: PublicIncident): string {
  const next =
    incident.nextUpdateAt === null
      ? ''
      : `<p class="soft">The next update comes by ${timeTag(incident.nextUpdateAt)}.</p>`;
  const span =
    incident.resolvedAt === null
      ? `since ${formatUtc(incident.startedAt)}`
      : `${formatUtc(incident.startedAt)} to ${formatUtc(incident.resolvedAt)}`;
  return `<article class="card" id="${incident.id}"><div class="row"><h3>${escapeXml(incident.title)}</h3><span class="soft">${span}</span></div>
<ol>${incident.updates
    .map(
      ({ state, body, at }) =>
        `<li><strong>${stateWords[state]}</strong> ${timeTag(at)}<p>${escapeXml(body)}</p></li>`,
    )
    .join('')}</ol>${next}</article>`;
}

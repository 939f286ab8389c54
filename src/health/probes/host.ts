import { z } from 'zod';
import { clamp } from '#src/core/text.ts';
import { askUrl } from '#src/gateways/ask-url.ts';
import { degraded, down, ok, type Probe, type Seen } from '../probe.ts';

/** `GET /api/v2/summary.json` of a page made with Statuspage (developer.statuspage.io). */
const summary = z.object({
  status: z.object({ indicator: z.enum(['none', 'minor', 'major', 'critical', 'maintenance']) }),
  incidents: z.array(z.object({ name: z.string(), status: z.string() })).default([]),
});

/** Playbook, downtime response 1: and the host provider's status page. */
export const host: Probe = {
  id: 'host',
  title: 'Hosting provider',
  effect: 'Whatever runs there may be slow or gone, and only they can mend it.',
  firstStep: 'Read their status page, and tell customers what it says.',
  async look({ settings }) {
    const page = settings.health.host_status_page;
    if (page === undefined) return null;
    const answer = await askUrl(`${page.replace(/\/+$/, '')}/api/v2/summary.json`, 'json');
    const read = summary.safeParse(answer.status === 200 ? answer.body : null);
    // A status page that cannot be read says nothing about the host.
    if (!read.success) return ok('Their status page cannot be read now.');
    return judge(read.data);
  },
};

function judge({ status, incidents }: z.infer<typeof summary>): Seen {
  const open = incidents.filter(
    (incident) => incident.status !== 'resolved' && incident.status !== 'postmortem',
  );
  const said = clamp(open.map((incident) => `“${incident.name}”`).join(', '), 300);
  const detail =
    said === '' ? `Their status page says “${status.indicator}”.` : `Their status page says ${said}.`;
  if (status.indicator === 'critical' || status.indicator === 'major') return down(detail);
  return status.indicator === 'minor' ? degraded(detail) : ok(open.length > 0 ? detail : 'No trouble known.');
}

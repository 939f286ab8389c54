import { isoTime } from '#src/core/clock.ts';
import type { PublicIncident, StatusPicture } from './picture.ts';
import { headline } from './words.ts';

/** `/status.json`, for other people's dashboards. */
export function statusJson(picture: StatusPicture): Record<string, unknown> {
  return {
    title: picture.title,
    summary: headline(picture),
    updatedAt: picture.changedAt === null ? null : isoTime(picture.changedAt),
    components: picture.components.map(({ id, name, impact }) => ({
      id,
      name,
      status: impact ?? 'operational',
    })),
    incidents: [...picture.open, ...picture.past].map(incidentJson),
  };
}

function incidentJson(incident: PublicIncident): Record<string, unknown> {
  return {
    id: incident.id,
    title: incident.title,
    status: incident.state,
    startedAt: isoTime(incident.startedAt),
    resolvedAt: incident.resolvedAt === null ? null : isoTime(incident.resolvedAt),
    nextUpdateBy: incident.nextUpdateAt === null ? null : isoTime(incident.nextUpdateAt),
    components: incident.impacts,
    updates: incident.updates.map(({ state, body, at }) => ({ status: state, body, at: isoTime(at) })),
  };
}

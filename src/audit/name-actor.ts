import type { AuditFilter } from '#db/audit-events.ts';
import type { Settings } from '#src/core/settings.ts';

/**
 * Whom a name means: a person of the settings under any of their names, whatever they did it through and whether or
 * not they were listed then; a Slack member, a terminal user or a job by id; else whoever was called so.
 */
export function nameActor(settings: Settings, typed: string): Pick<AuditFilter, 'persons' | 'actorName'> {
  const mention = /^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$/.exec(typed)?.[1];
  const name = mention ?? typed.replace(/^@/, '');
  const id = /^[UW][A-Z0-9]{2,}$/.test(name) ? `slack:${name}` : name;
  const known = Object.entries(settings.people).find(
    ([key, person]) =>
      [key, person.name].some((word) => word.toLowerCase() === name.toLowerCase()) ||
      idsOf(person).includes(id),
  );
  if (known) return { persons: [known[0], ...idsOf(known[1])] };
  return id.includes(':') || ['stripe', 'schedule'].includes(id) ? { persons: [id] } : { actorName: name };
}

function idsOf(person: Settings['people'][string]): string[] {
  return [
    ...person.slack.map((member) => `slack:${member}`),
    ...(person.terminal ? [`terminal:${person.terminal}`] : []),
  ];
}

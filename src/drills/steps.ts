import type { HealthAlertRow } from '#db/health-alerts.ts';
import type { IncidentUpdateRow } from '#db/incident-updates.ts';
import type { IncidentRow } from '#db/incidents.ts';
import type { PostmortemRow } from '#db/postmortems.ts';
import { incidentName } from '#src/incidents/find.ts';
import { lineWithFlags } from '#src/replies/line-with-flags.ts';

/** What a drill has come to, read from the very rows that a real incident would write. */
export type DrillFacts = {
  alert: HealthAlertRow | null;
  incident: IncidentRow | null;
  updates: readonly IncidentUpdateRow[];
  /** When people wrote something into the timeline, oldest first. */
  notedAt: readonly number[];
  postmortem: PostmortemRow | null;
};

export const stepIds = [
  'acknowledge',
  'declare',
  'severity',
  'first_update',
  'next_update',
  'mend',
  'resolve',
  'write',
  'file',
] as const;
export type StepId = (typeof stepIds)[number];
export type Step = StepId | 'done';

export const stepWords: Readonly<Record<StepId, string>> = {
  acknowledge: 'Say that you have the alert',
  declare: 'Declare the incident',
  severity: 'Say how bad it is',
  first_update: 'Tell customers',
  next_update: 'Tell them again in time',
  mend: 'Mend it, and write down how',
  resolve: 'Resolve it',
  write: 'Write the postmortem',
  file: 'File the postmortem',
};

/** What comes next. Whoever resolves early has only the postmortem left. */
export function stepOf({ alert, incident, updates, notedAt, postmortem }: DrillFacts): Step {
  if (!incident) return alert?.acknowledged_at == null ? 'acknowledge' : 'declare';
  if (incident.state === 'resolved') {
    if (postmortem && postmortem.state !== 'draft') return 'done';
    return postmortem?.summary && postmortem.cause ? 'file' : 'write';
  }
  if (incident.severity === null) return 'severity';
  if (updates.length === 0) return 'first_update';
  if (updates.length === 1) return 'next_update';
  return notedAt.length === 0 ? 'mend' : 'resolve';
}

/** The exact line of a step: to type, to click, and what Lucy herself runs when she plays. */
export function lineOf(step: StepId, { alert, incident }: DrillFacts): string {
  const name = incident ? incidentName(incident) : '';
  const of = (words: string, flags: [string, string][]) =>
    lineWithFlags(words, [...(name ? ([['incident', name]] as [string, string][]) : []), ...flags]);
  switch (step) {
    case 'acknowledge':
      return `alert acknowledge ${alert?.id}`;
    case 'declare':
      return 'incident declare "checkout is down" --drill';
    case 'severity':
      return `incident change ${name} --severity sev1`;
    case 'first_update':
      return of('incident update', [
        ['text', 'Payments fail for some customers. We are looking for the cause.'],
        ['state', 'investigating'],
      ]);
    case 'next_update':
      return of('incident update', [
        ['text', 'We found the cause and are going back to the last good version.'],
        ['state', 'identified'],
      ]);
    case 'mend':
      return of('incident note', [['text', 'went back to the last stable release; payments work again']]);
    case 'resolve':
      return lineWithFlags(`incident resolve ${name}`, [['reason', 'rolled back, payments work again']]);
    case 'write':
      return lineWithFlags(`postmortem write ${name}`, [
        ['summary', 'Payments failed for some customers until the release was taken back.'],
        ['cause', 'A release changed the checkout, and no test covers a declined card.'],
      ]);
    case 'file':
      return lineWithFlags(`postmortem file ${name}`, [['reason', 'read by everybody who took part']]);
  }
}

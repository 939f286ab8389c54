import type { HealthAlertRow } from '#db/health-alerts.ts';
import type { IncidentRow } from '#db/incidents.ts';
import type { PostmortemRow } from '#db/postmortems.ts';
import { incidentName } from '#src/incidents/find.ts';

/** What the story has come to, from Lucy’s own rows and the local Stripe. */
export type StoryFacts = {
  alert: HealthAlertRow | null;
  incident: IncidentRow | null;
  updates: number;
  isLosing: boolean;
  isReconciled: boolean;
  postmortem: PostmortemRow | null;
};

export type StoryStep =
  | 'alert'
  | 'acknowledge'
  | 'declare'
  | 'update'
  | 'return'
  | 'reconcile'
  | 'resolve'
  | 'write'
  | 'file'
  | 'over';

export const storyTitles: readonly { step: StoryStep; title: string }[] = [
  { step: 'alert', title: 'Lucy notices that webhooks are missing' },
  { step: 'acknowledge', title: 'Olu takes the alert' },
  { step: 'declare', title: 'Olu declares an incident' },
  { step: 'update', title: 'Customers are told on the status page' },
  { step: 'return', title: 'Webhooks come back' },
  { step: 'reconcile', title: 'What was lost is looked for at Stripe' },
  { step: 'resolve', title: 'The incident is resolved' },
  { step: 'write', title: 'The postmortem is written' },
  { step: 'file', title: 'The postmortem is filed' },
];

/** What comes next. */
export function storyStep(facts: StoryFacts): StoryStep {
  const { alert, incident, updates, isLosing, isReconciled, postmortem } = facts;
  if (!incident) {
    if (!alert) return 'alert';
    return alert.acknowledged_at === null && alert.recovered_at === null ? 'acknowledge' : 'declare';
  }
  if (incident.state === 'resolved') {
    if (postmortem && postmortem.state !== 'draft') return 'over';
    return postmortem?.summary && postmortem.cause ? 'file' : 'write';
  }
  if (updates === 0) return 'update';
  if (isLosing) return 'return';
  return isReconciled ? 'resolve' : 'reconcile';
}

/** The line that Olu types; null where nobody has to do anything. */
export function storyLine(step: StoryStep, { alert, incident }: StoryFacts): string | null {
  const name = incident ? incidentName(incident) : '';
  switch (step) {
    case 'acknowledge':
      return `alert acknowledge ${alert?.id}`;
    case 'declare':
      return 'incident declare "upgrades arrive late" --severity sev2';
    case 'update':
      return `incident update "Upgrades and payments may show up late. We are looking for the cause." --incident ${name} --components "service=degraded"`;
    case 'reconcile':
      return `reconcile run --reason "webhooks were lost for an hour" --ticket ${name}`;
    case 'resolve':
      return `incident resolve ${name} --reason "webhooks arrive again, and nothing is missing"`;
    case 'write':
      return `postmortem write ${name} --summary "For an hour no webhook of Stripe arrived; Lucy fetched the events herself, so upgrades came a few minutes late." --cause "The endpoint was not reachable from outside."`;
    case 'file':
      return `postmortem file ${name} --reason "read by everybody on call"`;
    default:
      return null;
  }
}

/** One sentence about what is going on. */
export const storyWords: Readonly<Record<StoryStep, string>> = {
  alert:
    'Stripe’s webhooks are lost while customers go on paying. Lucy asks Stripe for its events now and then; when only that finds them, she calls whoever is on call.',
  acknowledge: 'The alert stands in #lucy-oncall. Olu says that she has it, so that nobody else is called.',
  declare: 'It is more than a hiccup: Olu declares an incident, and customers are owed a word.',
  update: 'Olu reads the update as customers will, and publishes it. It stands at /status at once.',
  return: 'Customers know of it. As soon as the hour is over, webhooks come back.',
  reconcile:
    'Webhooks arrive again. Was anything lost? Everything at Stripe is compared with everything here.',
  resolve: 'Nothing is missing. Olu resolves it, and customers read that with the same click.',
  write:
    'The postmortem is drafted from the timeline, with real figures. What happened and why is for people.',
  file: 'It is whole. Olu files it.',
  over: 'It is over. The postmortem is one command away, as a PDF, too: incident postmortem --format pdf',
};

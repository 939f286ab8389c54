import type { IncidentSeverity, IncidentState } from '#db/incidents.ts';

/** How bad it is, worst first, in words that anybody understands at night. */
export const severities = ['sev1', 'sev2', 'sev3'] as const satisfies readonly IncidentSeverity[];

const severityWords: Record<IncidentSeverity, string> = {
  sev1: 'SEV1: customers cannot use or buy it',
  sev2: 'SEV2: a part is broken, or much of it slow',
  sev3: 'SEV3: few are touched, or there is a way round',
};

export function severityOf(severity: IncidentSeverity | null): string {
  return severity === null ? 'not set' : severityWords[severity];
}

/** The steps of an incident as status pages name them (atlassian.com/software/statuspage). */
export const openStates = [
  'investigating',
  'identified',
  'monitoring',
] as const satisfies readonly IncidentState[];

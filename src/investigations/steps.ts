import type { InvestigationStep } from '#db/investigations.ts';
import { bugInvestigation } from '#src/runbooks/procedures/bug-investigation.ts';

/** The playbook’s four, in their order. */
export const stepNames = ['correlate', 'logs', 'reproduce', 'patch'] as const satisfies InvestigationStep[];

/** The ones that a person may tick; that the patch is there is seen from its link alone. */
export const stepsByHand = ['correlate', 'logs', 'reproduce'] as const;

/** What is to be done, in the words of the runbook. */
export function saysOf(step: InvestigationStep): string {
  return bugInvestigation.steps.find(({ key }) => key === step)?.says ?? step;
}

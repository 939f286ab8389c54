import type { Procedure } from './procedure.ts';
import { adjustCredits } from './procedures/adjust-credits.ts';
import { bugInvestigation } from './procedures/bug-investigation.ts';
import { collectEssentials } from './procedures/collect-essentials.ts';
import { disputes } from './procedures/disputes.ts';
import { downtime } from './procedures/downtime.ts';
import { escalation } from './procedures/escalation.ts';
import { failedPayments } from './procedures/failed-payments.ts';
import { manualAdjustments } from './procedures/manual-adjustments.ts';
import { postResolution } from './procedures/post-resolution.ts';
import { resetTier } from './procedures/reset-tier.ts';
import { scaling } from './procedures/scaling.ts';
import { stripeReconciliation } from './procedures/stripe-reconciliation.ts';
import { verifyAccount } from './procedures/verify-account.ts';
import { webhookRecovery } from './procedures/webhook-recovery.ts';

/** Every written procedure of the team: the support runbook in its order, then the operations playbook in its own. */
export const procedures: readonly Procedure[] = [
  collectEssentials,
  verifyAccount,
  adjustCredits,
  resetTier,
  stripeReconciliation,
  escalation,
  postResolution,
  disputes,
  failedPayments,
  manualAdjustments,
  bugInvestigation,
  downtime,
  scaling,
  webhookRecovery,
];

export const procedureNames = procedures.map(({ name }) => name) as [string, ...string[]];

export function findProcedure(name: string): Procedure | undefined {
  return procedures.find((procedure) => procedure.name === name);
}

/** Every command that some step names. */
export function commandsOfRunbooks(): Set<string> {
  return new Set(
    procedures.flatMap(({ steps }) =>
      steps.flatMap(({ lines = [], ticksBy }) => [
        ...lines.map(commandWords),
        ...(ticksBy && 'commands' in ticksBy ? ticksBy.commands : []),
      ]),
    ),
  );
}

/** The words of a line before its values: `credits grant`. */
export function commandWords(line: string): string {
  const words = line.split(' ');
  const end = words.findIndex((word) => word.startsWith('--') || /^[A-Z]{4,}$/.test(word));
  return (end === -1 ? words : words.slice(0, end)).join(' ');
}

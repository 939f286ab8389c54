import type { Cause } from '#src/core/cause.ts';
import type { Fact, Reply } from '#src/replies/reply.ts';
import type { Plan } from './define-command.ts';

/** The plan as a person sees it before anything happens: before → after, who, why. */
export function previewReply(
  plan: Plan<unknown>,
  cause: Cause,
  runId: string | null,
  warnings: string[],
): Reply {
  return {
    tone: 'preview',
    title: `${plan.title}?`,
    changes: plan.changes,
    facts: [...(plan.facts ?? []), ...whoAndWhy(cause)],
    warnings,
    correlationId: cause.correlationId,
    buttons: runId
      ? [
          { kind: 'confirm', label: plan.confirmLabel, runId, ...(plan.isDanger ? { isDanger: true } : {}) },
          { kind: 'cancel', label: 'Cancel', runId },
        ]
      : [],
    json: {
      preview: true,
      run: runId,
      title: plan.title,
      changes: plan.changes,
      warnings,
      correlationId: cause.correlationId,
    },
  };
}

export function whoAndWhy(cause: Cause): Fact[] {
  const facts: Fact[] = [{ label: 'Who', value: cause.actor.name }];
  if (cause.reason) facts.push({ label: 'Why', value: cause.reason });
  if (cause.ticket) facts.push({ label: 'Ticket', value: cause.ticket });
  return facts;
}

import type { Cause } from '#src/core/cause.ts';
import type { Fact, Reply } from '#src/replies/reply.ts';
import type { Plan } from './define-command.ts';
import type { Ruling } from './judge-plan.ts';

/** The plan as a person sees it before anything happens: before → after, who, why. */
export function previewReply(
  plan: Plan<unknown>,
  cause: Cause,
  runId: string | null,
  { warnings, ruling }: { warnings: string[]; ruling: Ruling },
): Reply {
  const needsApproval = ruling.kind === 'approval';
  return {
    tone: 'preview',
    title: `${plan.title}?`,
    changes: plan.changes,
    facts: [...(plan.facts ?? []), ...whoAndWhy(cause), ...ruledFacts(ruling)],
    warnings,
    ...(plan.file ? { file: plan.file } : {}),
    correlationId: cause.correlationId,
    buttons: runId
      ? [
          {
            kind: 'confirm',
            label: needsApproval ? 'Ask for approval' : plan.confirmLabel,
            runId,
            // Asking changes nothing yet; whoever approves is asked once more.
            ...(plan.isDanger && !needsApproval ? { isDanger: true } : {}),
          },
          { kind: 'cancel', label: 'Cancel', runId },
          ...(plan.instead ?? []),
        ]
      : [],
    json: {
      preview: true,
      run: runId,
      title: plan.title,
      changes: plan.changes,
      warnings,
      ...(needsApproval
        ? { approval: { role: ruling.verdict.role, count: ruling.verdict.count, why: ruling.verdict.why } }
        : {}),
      correlationId: cause.correlationId,
    },
  };
}

/** What policy says to it, before it is confirmed. */
function ruledFacts(ruling: Ruling): Fact[] {
  if (ruling.kind === 'approval') return [{ label: 'Approval', value: ruling.verdict.why }];
  return ruling.glass ? [{ label: 'Break-glass', value: ruling.glass.notice }] : [];
}

export function whoAndWhy(cause: Cause): Fact[] {
  const facts: Fact[] = [{ label: 'Who', value: cause.actor.name }];
  if (cause.reason) facts.push({ label: 'Why', value: cause.reason });
  if (cause.ticket) facts.push({ label: 'Ticket', value: cause.ticket });
  return facts;
}

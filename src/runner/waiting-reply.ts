import type { ApprovalRow } from '#db/approvals.ts';
import type { RunRow } from '#db/runs.ts';
import { neededWords } from '#src/approvals/answered.ts';
import { shortBasis } from '#src/approvals/card.ts';
import { readShownPlan } from '#src/approvals/shown-plan.ts';
import { isoTime } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import type { Reply } from '#src/replies/reply.ts';

/** What the requester reads while somebody else has to answer. */
export function waitingReply(
  settings: Settings,
  approval: ApprovalRow,
  run: Pick<RunRow, 'id' | 'plan'>,
): Reply {
  const plan = readShownPlan(run.plan);
  const channel = settings.channels[approval.channel as keyof Settings['channels']];
  return {
    tone: 'waiting',
    title: `Asked in ${channel}: ${plan.title}. Nothing is changed until it is approved.`,
    changes: plan.changes,
    facts: [
      { label: 'Needs', value: neededWords(approval) },
      { label: 'Policy', value: approval.why },
      { label: 'Expires', value: { at: approval.expires_at } },
      { label: 'Approval', value: { code: approval.id } },
    ],
    hint: 'You will be told as soon as somebody answers.',
    buttons: [
      {
        kind: 'withdraw',
        label: 'Withdraw',
        approvalId: approval.id,
        basis: shortBasis(approval),
      },
    ],
    correlationId: approval.correlation_id,
    json: {
      waiting: true,
      run: run.id,
      approval: approval.id,
      title: plan.title,
      needs: { role: approval.approver_role, count: approval.approvers_needed },
      expires: isoTime(approval.expires_at),
      correlationId: approval.correlation_id,
    },
  };
}

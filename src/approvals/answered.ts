import type { ApprovalRow, VoteRow } from '#db/approvals.ts';
import { formatUtc } from '#src/core/clock.ts';
import { counted, listed } from '#src/core/text.ts';

/** What became of an approval, as a sentence that stands alone; null while it is open. */
export function answerOf(approval: ApprovalRow): string | null {
  const who = approval.decided_name ?? 'Somebody';
  const at = formatUtc(approval.decided_at ?? approval.asked_at);
  const why = approval.decision_reason ? `: ${approval.decision_reason}` : '.';
  switch (approval.state) {
    case 'pending':
      return null;
    case 'approved':
      return `${who} approved this at ${at}.`;
    case 'denied':
      return `${who} denied this at ${at}${why}`;
    case 'cancelled':
      return approval.decided_person === approval.requester_person
        ? `${approval.requester_name} withdrew this at ${at}.`
        : `This was ended at ${at}${why}`;
    case 'expired':
      return `Nobody answered this in time; it expired at ${at}.`;
  }
}

/** `Bea and Bo`. */
export function namesOf(votes: readonly VoteRow[]): string {
  return listed(votes.map((vote) => vote.actor_name));
}

/** `one approval by billing`, `2 approvals by billing`. */
export function neededWords(approval: Pick<ApprovalRow, 'approvers_needed' | 'approver_role'>): string {
  const { approvers_needed: count, approver_role: role } = approval;
  return `${count === 1 ? 'one approval' : counted(count, 'approval')} by ${role}`;
}

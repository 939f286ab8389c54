import { type ApprovalRow, lockApproval } from '#db/approvals.ts';
import type { Sql } from '#db/connection.ts';
import { endApproval } from '#src/approvals/end.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import { requireOpen, unknownApproval } from './open-approval.ts';

/**
 * A person's no, or their withdrawal: holds the approval, looks once more whether it is theirs to end, and ends it.
 *
 * @param mayEnd throws when this person may not
 */
export async function endAsked(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  asked: { approvalId: string; state: 'denied' | 'cancelled'; reason: string | null },
  mayEnd: (held: ApprovalRow) => void,
): Promise<ApprovalRow> {
  const held = await lockApproval(sql, asked.approvalId);
  if (!held) throw unknownApproval(asked.approvalId);
  mayEnd(held);
  requireOpen(held, cause.now);
  await endApproval(sql, settings, cause, held, {
    state: asked.state,
    by: cause.actor,
    reason: asked.reason,
  });
  return held;
}

import type { ApprovalRow } from '#db/approvals.ts';
import type { Sql } from '#db/connection.ts';
import { deleteTimer, setTimer } from '#db/timers.ts';

/** Both timers of an open approval: when somebody is reminded, and when it is over. */
export async function setApprovalTimers(
  sql: Sql,
  approval: ApprovalRow,
  now: number,
  remindAt: number | null,
): Promise<void> {
  await setTimer(sql, now, { kind: 'approval_expiry', subject: approval.id, dueAt: approval.expires_at });
  if (remindAt === null || remindAt >= approval.expires_at)
    return deleteTimer(sql, 'approval_reminder', approval.id);
  await setTimer(sql, now, { kind: 'approval_reminder', subject: approval.id, dueAt: remindAt });
}

export async function clearApprovalTimers(sql: Sql, approvalId: string): Promise<void> {
  await deleteTimer(sql, 'approval_expiry', approvalId);
  await deleteTimer(sql, 'approval_reminder', approvalId);
}

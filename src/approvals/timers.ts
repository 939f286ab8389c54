import type { ApprovalRow } from '#db/approvals.ts';
import type { Sql } from '#db/connection.ts';
import { deleteTimer, putTimer } from '#db/timers.ts';
import { newId } from '#src/core/ids.ts';

/** Both timers of an open approval: when somebody is reminded, and when it is over. */
export async function setApprovalTimers(
  sql: Sql,
  approval: ApprovalRow,
  now: number,
  remindAt: number | null,
): Promise<void> {
  const timer = { subject: approval.id, attempts: 0, last_error: null };
  await putTimer(sql, {
    ...timer,
    id: newId('tim', now),
    kind: 'approval_expiry',
    due_at: approval.expires_at,
  });
  if (remindAt === null || remindAt >= approval.expires_at)
    return deleteTimer(sql, 'approval_reminder', approval.id);
  await putTimer(sql, { ...timer, id: newId('tim', now), kind: 'approval_reminder', due_at: remindAt });
}

export async function clearApprovalTimers(sql: Sql, approvalId: string): Promise<void> {
  await deleteTimer(sql, 'approval_expiry', approvalId);
  await deleteTimer(sql, 'approval_reminder', approvalId);
}

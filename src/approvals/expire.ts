import { lockApproval } from '#db/approvals.ts';
import type { Sql } from '#db/connection.ts';
import { scheduleActor } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import { endApproval } from './end.ts';

/** Ends an approval whose time is over; does nothing while it is not, or when it was answered. */
export async function expireApproval(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  approvalId: string,
): Promise<boolean> {
  const approval = await lockApproval(sql, approvalId);
  if (approval?.state !== 'pending' || approval.expires_at > cause.now) return false;
  const ending = { state: 'expired' as const, by: scheduleActor, reason: null };
  return endApproval(sql, settings, cause, approval, ending);
}

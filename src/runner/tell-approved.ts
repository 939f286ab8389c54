import { type ApprovalRow, listVotes } from '#db/approvals.ts';
import type { Sql } from '#db/connection.ts';
import { namesOf } from '#src/approvals/answered.ts';
import { tellRequester } from '#src/approvals/tell-requester.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import type { Reply } from '#src/replies/reply.ts';

/** The requester hears who said yes, and gets the receipt as if they had confirmed it themselves. */
export async function tellApproved(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  approval: ApprovalRow,
  receipt: Reply,
): Promise<void> {
  const by = namesOf(await listVotes(sql, approval.id, approval.basis));
  await tellRequester(sql, settings, cause, approval, {
    ...receipt,
    title: `${by} approved it: ${receipt.title}`,
  });
}

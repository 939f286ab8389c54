import type { ApprovalRow } from '#db/approvals.ts';
import type { Sql } from '#db/connection.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import { postMessage } from '#src/outbox/post.ts';
import type { Reply } from '#src/replies/reply.ts';
import { requesterInbox } from './mentions.ts';

/** A direct message to whoever asked, once per version of the approval. */
export async function tellRequester(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  approval: ApprovalRow,
  reply: Reply,
): Promise<void> {
  const inbox = requesterInbox(settings, approval);
  if (!inbox) return;
  await postMessage(sql, cause, {
    dedupeKey: `approval-told:${approval.id}:${approval.version}`,
    target: inbox,
    reply,
  });
}

import type { Sql } from '#db/connection.ts';
import type { Cause } from '#src/core/cause.ts';
import type { ChannelKey, Settings } from '#src/core/settings.ts';
import { renewCard } from '#src/outbox/post-card.ts';
import { approvalCard, cardKey } from './card.ts';

/** Queues the edit of an approval's card, in the transaction of what changed. */
export async function renewApprovalCard(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  approvalId: string,
): Promise<void> {
  const card = await approvalCard(sql, settings, approvalId);
  if (!card) throw new Error(`Approval ${approvalId} has no rows to make a card of`);
  await renewCard(sql, cause, {
    key: cardKey(approvalId),
    target: card.approval.channel as ChannelKey,
    version: card.version,
    reply: card.reply,
  });
}

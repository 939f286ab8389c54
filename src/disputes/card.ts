import type { Sql } from '#db/connection.ts';
import { type DisputeRow, findDispute, touchDispute } from '#db/disputes.ts';
import { mentionsOfRole } from '#src/approvals/mentions.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import { isOver } from '#src/gateways/stripe-dispute-status.ts';
import { renewCard } from '#src/outbox/post-card.ts';
import type { Reply } from '#src/replies/reply.ts';
import { readCase } from './case.ts';
import { describeDispute } from './describe.ts';
import { settledAt } from './status.ts';

/** A screenful; the rest is in `dispute show`. */
const ROWS = 14;

/** `dispute:dp_…`, the card's key. */
export function disputeCardKey(disputeId: string): string {
  return `dispute:${disputeId}`;
}

/** The living card of a dispute, from its rows alone. */
export async function disputeCard(
  sql: Sql,
  settings: Settings,
  disputeId: string,
): Promise<{ dispute: DisputeRow; reply: Reply; version: number } | null> {
  const dispute = await findDispute(sql, disputeId);
  if (!dispute) return null;
  const now = dispute.counted_at;
  const reply = describeDispute(await readCase(sql, dispute, now), now, ROWS);
  const isAsking = !isOver(dispute.status) && settledAt(dispute) === null;
  const mentions = !isAsking ? {} : { mentions: mentionsOfRole(settings, 'billing') };
  return { dispute, version: dispute.version, reply: { ...reply, ...mentions } };
}

/** Something that the card shows has changed: its edit is queued, in the transaction of the change. */
export async function renewDisputeCard(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  disputeId: string,
): Promise<void> {
  await touchDispute(sql, disputeId, cause.now);
  const card = await disputeCard(sql, settings, disputeId);
  if (!card) throw new Error(`Dispute ${disputeId} has no row to make a card of`);
  await renewCard(sql, cause, {
    key: disputeCardKey(disputeId),
    target: 'billing',
    version: card.version,
    reply: { ...card.reply, correlationId: cause.correlationId },
  });
}

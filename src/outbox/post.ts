import type { Sql } from '#db/connection.ts';
import { insertOutbox, type OutboxRow } from '#db/outbox.ts';
import type { Condition } from '#db/outbox-conditions.ts';
import type { Cause } from '#src/core/cause.ts';
import { newId } from '#src/core/ids.ts';
import type { ChannelKey } from '#src/core/settings.ts';
import type { Reply } from '#src/replies/reply.ts';

/** A key of `channels:` in the settings, a channel by its name or id, or somebody's direct messages. */
export type MessageTarget = ChannelKey | `#${string}` | `C${string}` | `G${string}` | `user:${string}`;

/**
 * Queues one message, in the transaction of what it tells of. The dedupe key names the thing told, so the same
 * thing is told once however often it is found out.
 *
 * @param message.threadOf the key of a card: the message is a reply in its thread
 * @param message.onlyWhile for calls and reminders: what must still be so when it is sent
 */
export async function postMessage(
  sql: Sql,
  cause: Cause,
  message: {
    dedupeKey: string;
    target: MessageTarget;
    reply: Reply;
    threadOf?: string;
    onlyWhile?: Condition;
  },
): Promise<void> {
  await insertOutbox(sql, {
    ...outboxRow(cause, message),
    thread_of: message.threadOf ?? null,
    only_while: message.onlyWhile ?? null,
  });
}

/** A message that waits to be sent. */
export function outboxRow(
  cause: Cause,
  message: { dedupeKey: string; target: string; reply: Reply },
): OutboxRow {
  return {
    id: newId('out', cause.now),
    dedupe_key: message.dedupeKey,
    kind: 'slack',
    target: message.target,
    payload: JSON.stringify(message.reply),
    state: 'pending',
    attempts: 0,
    next_attempt_at: cause.now,
    lease_token: null,
    lease_until: null,
    error: null,
    correlation_id: cause.correlationId,
    sent_channel: null,
    sent_ts: null,
    created_at: cause.now,
    sent_at: null,
  };
}

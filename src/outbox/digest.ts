import type { OutboxRow } from '#db/outbox.ts';
import { type Reply, readReply, type Value } from '#src/replies/reply.ts';

/** Above this, the messages that wait for one channel become one that lists them: nobody reads a flood. */
export const DIGEST_ABOVE = 10;
/** More than this would not be read in one message either; the rest follows in the next. */
export const DIGEST_MAX = 100;

/** One message in the place of many: a line each, oldest first, with the id under which each can be traced. */
export function digestOf(rows: readonly OutboxRow[]): Reply {
  const lines = rows.map((row): Value[] => [
    { at: row.created_at },
    titleOf(row),
    { code: row.correlation_id },
  ]);
  return {
    tone: 'info',
    title: `${rows.length} things happened while messages were waiting.`,
    sections: [{ heading: 'In their order', lines }],
    hint: 'Use “trace” with an id to see any of them in full.',
  };
}

export function replyOf(row: OutboxRow): Reply {
  return readReply(row.payload);
}

function titleOf(row: OutboxRow): string {
  return replyOf(row).title;
}

import type { ClientMessage, ClientModal } from '../client-contract.ts';
import { type Json, recordAt, textAt } from '../json.ts';
import { readableValue, stateValues } from '../world/form-values.ts';
import type { Message } from '../world/message.ts';
import type { ShownView } from '../world/view.ts';
import type { World } from '../world/world.ts';
import { readableBlocks } from './readable.ts';

/** A message as someone sees it. `reads` is its blocks' text, or its text when it has no blocks. */
export type SeenMessage = ClientMessage & { reads: string; visibleTo: string | null };

export type SeenModal = ClientModal & {
  title: string;
  reads: string;
  /** Present values by block id, as words. */
  filled: Record<string, string>;
};

export type SeenHome = { view: Json; reads: string };

/** How many public replies each thread of a channel has, by its first message. */
export function countReplies(world: World, channel: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { threadTs, visibleTo } of world.messages.get(channel) ?? []) {
    if (threadTs && visibleTo === null) counts.set(threadTs, (counts.get(threadTs) ?? 0) + 1);
  }
  return counts;
}

export function clientMessage(message: Message, replies: Map<string, number>): ClientMessage {
  return {
    ts: message.ts,
    channel: message.channel,
    user: message.user,
    text: message.text,
    isEphemeral: message.visibleTo !== null,
    replyCount: replies.get(message.ts) ?? 0,
    ...(message.threadTs ? { threadTs: message.threadTs } : {}),
    ...(message.blocks ? { blocks: message.blocks } : {}),
  };
}

/** Some messages of a channel as someone sees them. */
export function seenMessages(world: World, channel: string, messages: readonly Message[]): SeenMessage[] {
  const replies = countReplies(world, channel);
  return messages.map((message) => ({
    ...clientMessage(message, replies),
    visibleTo: message.visibleTo,
    reads: message.blocks ? readableBlocks(message.blocks) : message.text,
  }));
}

export function clientModal(shown: ShownView, depth: number): ClientModal {
  return {
    viewId: shown.view.id,
    view: { ...shown.view },
    errors: shown.errors,
    depth,
    pending: shown.isPending,
  };
}

export function seenModal(shown: ShownView, depth: number): SeenModal {
  const values = stateValues(shown.view.blocks, shown.values);
  const filled = Object.entries(values).map(([blockId, fields]) => [
    blockId,
    Object.values(fields).map(readableValue).join(', '),
  ]);
  return {
    ...clientModal(shown, depth),
    title: textAt(recordAt(shown.view, 'title') ?? {}, 'text'),
    reads: readableBlocks(shown.view.blocks),
    filled: Object.fromEntries(filled),
  };
}

import type { ClientMessage, ClientModal } from '../client-contract.ts';
import { type Json, recordAt, textAt } from '../json.ts';
import { readableValue, stateValues } from '../world/form-values.ts';
import type { Message } from '../world/message.ts';
import { filesOf } from '../world/messages.ts';
import { textOfFile } from '../world/shared-file.ts';
import type { ShownView } from '../world/view.ts';
import type { World } from '../world/world.ts';
import { clientFile } from './client-file.ts';
import { namesIn } from './name-of.ts';
import { readableBlocks } from './readable.ts';

/** A message as someone sees it. `reads` is its blocks' text, or its text when it has no blocks. */
export type SeenMessage = Omit<ClientMessage, 'isForMe' | 'files'> & {
  reads: string;
  visibleTo: string | null;
  /** Ids of the people whom it notified; an edit notifies nobody. */
  notified: string[];
  /** `text` is the whole file, null when it is not text. */
  files: { name: string; title: string; text: string | null }[];
};

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

export function clientMessage(
  world: World,
  message: Message,
  replies: Map<string, number>,
): Omit<ClientMessage, 'isForMe'> {
  return {
    ts: message.ts,
    channel: message.channel,
    user: message.user,
    text: message.text,
    isEphemeral: message.visibleTo !== null,
    replyCount: replies.get(message.ts) ?? 0,
    ...(message.threadTs ? { threadTs: message.threadTs } : {}),
    ...(message.pinnedBy ? { pinnedBy: message.pinnedBy } : {}),
    ...(message.blocks ? { blocks: message.blocks } : {}),
    ...(message.files ? { files: filesOf(world, message).map(clientFile) } : {}),
  };
}

/** Some messages of a channel as someone sees them. */
export function seenMessages(world: World, channel: string, messages: readonly Message[]): SeenMessage[] {
  const replies = countReplies(world, channel);
  return messages.map((message) => ({
    ...clientMessage(world, message, replies),
    visibleTo: message.visibleTo,
    notified: message.notified,
    reads: message.blocks ? readableBlocks(message.blocks, namesIn(world)) : message.text,
    files: filesOf(world, message).map((file) => ({
      name: file.name,
      title: file.title,
      text: textOfFile(file),
    })),
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

export function seenModal(world: World, shown: ShownView, depth: number): SeenModal {
  const values = stateValues(shown.view.blocks, shown.values);
  const filled = Object.entries(values).map(([blockId, fields]) => [
    blockId,
    Object.values(fields).map(readableValue).join(', '),
  ]);
  return {
    ...clientModal(shown, depth),
    title: textAt(recordAt(shown.view, 'title') ?? {}, 'text'),
    reads: readableBlocks(shown.view.blocks, namesIn(world)),
    filled: Object.fromEntries(filled),
  };
}

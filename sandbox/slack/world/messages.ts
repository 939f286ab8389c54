import { bot } from '#sandbox/cast.ts';
import { fillBlocks } from '../block-kit/fill-defaults.ts';
import type { Json } from '../json.ts';
import { type Message, slackbotId } from './message.ts';
import { notifiedBy } from './notified.ts';
import type { SharedFile } from './shared-file.ts';
import type { World } from './world.ts';

export type NewMessage = Omit<Message, 'ts' | 'visibleTo' | 'notified'> & { visibleTo?: string | null };

/** Adds a message at the end of its channel. */
export function addMessage(world: World, message: NewMessage): Message {
  const stored: Message = { visibleTo: null, ...message, ts: world.sequence.ts(), notified: [] };
  if (message.blocks) stored.blocks = fillMessageBlocks(world, message.blocks);
  stored.notified = notifiedBy(world, stored);
  const list = world.messages.get(message.channel) ?? [];
  list.push(stored);
  world.messages.set(message.channel, list);
  world.changed();
  return stored;
}

export function findMessage(world: World, channel: string, ts: string): Message | undefined {
  return world.messages.get(channel)?.find((message) => message.ts === ts);
}

export type Content = { text?: string; blocks?: Json[]; attachments?: Json[]; metadata?: Json };

/**
 * Replaces what a message says. `text` without `blocks` deletes the blocks; `blocks` without `text` keeps the text;
 * attachments stay unless given, metadata unless emptied (slack-facts section 8, chat.update).
 */
export function replaceContent(world: World, message: Message, content: Content): void {
  if (content.text !== undefined) message.text = content.text;
  if (content.blocks) message.blocks = fillMessageBlocks(world, content.blocks);
  else if (content.text !== undefined) delete message.blocks;
  if (content.attachments) message.attachments = content.attachments;
  if (content.metadata) message.metadata = content.metadata;
  message.editedTs = world.sequence.ts();
  world.changed();
}

export function removeMessage(world: World, message: Message): void {
  const list = world.messages.get(message.channel) ?? [];
  const index = list.indexOf(message);
  if (index >= 0) list.splice(index, 1);
  world.changed();
}

/** A notice from Slack itself, which only this person sees. */
export function addNotice(
  world: World,
  channel: string,
  user: string,
  text: string,
  threadTs?: string,
): Message {
  return addMessage(world, {
    channel,
    user: slackbotId,
    text,
    visibleTo: user,
    ...(threadTs === undefined ? {} : { threadTs }),
  });
}

/**
 * The first message of the thread that `thread_ts` means; a reply to a reply belongs to it too. Null when there is no
 * such message: Slack then says nothing and puts the reply into the channel itself (slack-go/slack#1571).
 */
export function threadRoot(world: World, channel: string, threadTs: string): string | null {
  const named = threadTs === '' ? undefined : findMessage(world, channel, threadTs);
  if (named?.visibleTo !== null) return null;
  return named.threadTs ?? named.ts;
}

/** What this person can see of a channel, oldest first. */
export function visibleMessages(world: World, channel: string, user: string): Message[] {
  if (!world.channels.get(channel)?.members.has(user)) return [];
  const list = world.messages.get(channel) ?? [];
  return list.filter((message) => message.visibleTo === null || message.visibleTo === user);
}

export function filesOf(world: World, message: Message): SharedFile[] {
  return (message.files ?? []).flatMap((id) => world.files.get(id) ?? []);
}

export const isByLucy = (message: Message): boolean => message.user === bot.userId;

function fillMessageBlocks(world: World, blocks: readonly Json[]): Json[] {
  return fillBlocks(blocks, () => world.sequence.tail('block').slice(0, 5));
}

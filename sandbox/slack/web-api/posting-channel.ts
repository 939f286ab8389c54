import { bot } from '#sandbox/cast.ts';
import type { SlackContext } from '../context.ts';
import type { Channel } from '../world/channel.ts';
import { findConversation } from '../world/find.ts';

/**
 * The channel that Lucy may post to, or Slack's refusal (slack-facts section 8, chat.postMessage): a private channel
 * that she is not in does not exist for her; a public one needs membership or `chat:write.public`.
 */
export function postingChannel(context: SlackContext, idOrName: string): Channel | string {
  const channel = findConversation(context.world, idOrName);
  if (!channel) return 'channel_not_found';
  if (channel.isArchived) return 'is_archived';
  if (channel.members.has(bot.userId)) return channel;
  if (channel.isPrivate) return 'channel_not_found';
  return context.settings.scopes.has('chat:write.public') ? channel : 'not_in_channel';
}

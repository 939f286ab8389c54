import { bot } from '#sandbox/cast.ts';
import type { SlackContext } from '../context.ts';
import { type Json, textAt } from '../json.ts';
import type { Channel } from '../world/channel.ts';
import { addMessage, type Content, threadRoot } from '../world/messages.ts';

/**
 * Posts what Lucy answered to a command or through a response URL. Only the person sees it unless the
 * `response_type` is `in_channel`; only then may it go into a thread (slack-facts section 5).
 */
export function postResponse(
  context: SlackContext,
  channel: Channel,
  user: string,
  fields: Json,
  content: Content,
): void {
  const isPublic = textAt(fields, 'response_type') === 'in_channel';
  const root = threadRoot(context.world, channel.id, textAt(fields, 'thread_ts'));
  const message = addMessage(context.world, {
    channel: channel.id,
    user: bot.userId,
    ...content,
    text: content.text ?? '',
    visibleTo: isPublic ? null : user,
    ...(root === null ? {} : { threadTs: root }),
  });
  context.posts.push({
    at: context.world.now(),
    method: 'response_url',
    channel: channel.id,
    ts: message.ts,
    text: message.text,
  });
}

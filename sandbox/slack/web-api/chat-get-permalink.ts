import { bot } from '#sandbox/cast.ts';
import { textAt } from '../json.ts';
import { findMessage } from '../world/messages.ts';
import { permalinkOf } from '../world/permalink.ts';
import { type Method, missing, ok, refuse } from './method.ts';

/** https://docs.slack.dev/reference/methods/chat.getPermalink */
export const chatGetPermalink: Method = {
  scope: null,
  answer: (args, context) => {
    if (textAt(args, 'channel') === '') return missing('channel');
    if (textAt(args, 'message_ts') === '') return missing('message_ts');
    const channel = context.world.channels.get(textAt(args, 'channel'));
    if (!channel || (channel.isPrivate && !channel.members.has(bot.userId)))
      return refuse('channel_not_found');
    const message = findMessage(context.world, channel.id, textAt(args, 'message_ts'));
    if (!message || message.visibleTo !== null) return refuse('message_not_found');
    return ok({ channel: channel.id, permalink: permalinkOf(message) });
  },
};

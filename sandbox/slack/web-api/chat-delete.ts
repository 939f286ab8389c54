import { textAt } from '../json.ts';
import { findMessage, isByLucy, removeMessage } from '../world/messages.ts';
import { type Method, missing, ok, refuse } from './method.ts';

/** https://docs.slack.dev/reference/methods/chat.delete: a bot token deletes only what that bot posted. */
export const chatDelete: Method = {
  scope: 'chat:write',
  answer: (args, context) => {
    if (textAt(args, 'channel') === '') return missing('channel');
    if (textAt(args, 'ts') === '') return missing('ts');
    const channel = context.world.channels.get(textAt(args, 'channel'));
    if (!channel) return refuse('channel_not_found');
    const message = findMessage(context.world, channel.id, textAt(args, 'ts'));
    if (!message || message.visibleTo !== null) return refuse('message_not_found');
    if (!isByLucy(message)) return refuse('cant_delete_message');
    removeMessage(context.world, message);
    return ok({ channel: channel.id, ts: message.ts });
  },
};

import { bot } from '#sandbox/cast.ts';
import { pinMessage } from '../acts/pin.ts';
import { textAt } from '../json.ts';
import { findMessage } from '../world/messages.ts';
import { type Method, ok, refuse } from './method.ts';

/** https://docs.slack.dev/reference/methods/pins.add */
export const pinsAdd: Method = {
  scope: 'pins:write',
  answer: (args, context) => {
    const channel = context.world.channels.get(textAt(args, 'channel'));
    if (!channel || (channel.isPrivate && !channel.members.has(bot.userId)))
      return refuse('channel_not_found');
    const ts = textAt(args, 'timestamp');
    if (ts === '') return refuse('no_item_specified');
    if (!/^\d+\.\d+$/.test(ts)) return refuse('bad_timestamp');
    if (channel.isArchived) return refuse('is_archived');
    if (!channel.members.has(bot.userId)) return refuse('not_in_channel');
    const message = findMessage(context.world, channel.id, ts);
    if (!message || message.visibleTo !== null) return refuse('message_not_found');
    if (message.pinnedBy !== undefined) return refuse('already_pinned');
    void pinMessage(context, bot.userId, channel, message);
    return ok();
  },
};

import { codePoints } from '../block-kit/code-points.ts';
import { textAt } from '../json.ts';
import { messagePayload } from '../payloads/message-payload.ts';
import { isRefusal, readContent } from '../responses/message-content.ts';
import type { Message } from '../world/message.ts';
import { findMessage, isByLucy, replaceContent } from '../world/messages.ts';
import type { World } from '../world/world.ts';
import { type Method, missing, ok, refuse } from './method.ts';

/** Unlike chat.postMessage, which cuts (slack-facts section 3). */
const maxText = 4000;

/** https://docs.slack.dev/reference/methods/chat.update: own messages only, by channel id (slack-facts section 8). */
export const chatUpdate: Method = {
  scope: 'chat:write',
  answer: (args, context) => {
    if (textAt(args, 'channel') === '') return missing('channel');
    if (textAt(args, 'ts') === '') return missing('ts');
    const channel = context.world.channels.get(textAt(args, 'channel'));
    if (!channel) return refuse('channel_not_found');
    const message = findMessage(context.world, channel.id, textAt(args, 'ts'));
    if (!message) return refuse('message_not_found');
    if (!isByLucy(message) || message.visibleTo !== null) return refuse('cant_update_message');
    if (channel.isArchived) return refuse('is_inactive');
    if (isTooOld(context.world, message)) return refuse('edit_window_closed');
    if (codePoints(textAt(args, 'text')) > maxText) return refuse('msg_too_long');
    const content = readContent(args);
    if (isRefusal(content)) return refuse(content.error, content.problems);
    replaceContent(context.world, message, content);
    return ok({ channel: channel.id, ts: message.ts, text: message.text, message: messagePayload(message) });
  },
};

function isTooOld(world: World, message: Message): boolean {
  return world.editWindowMs !== null && world.now() - Number(message.ts) * 1000 > world.editWindowMs;
}

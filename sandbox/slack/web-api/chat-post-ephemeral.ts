import { bot } from '#sandbox/cast.ts';
import { textAt } from '../json.ts';
import { isRefusal, readContent } from '../responses/message-content.ts';
import { addMessage, threadRoot } from '../world/messages.ts';
import { type Method, missing, ok, refuse } from './method.ts';
import { postingChannel } from './posting-channel.ts';

/** "4,000 bytes" (slack-facts section 3). */
const maxTextBytes = 4000;

/** https://docs.slack.dev/reference/methods/chat.postEphemeral: the recipient must be in the channel. */
export const chatPostEphemeral: Method = {
  scope: 'chat:write',
  answer: (args, context) => {
    if (textAt(args, 'channel') === '') return missing('channel');
    if (textAt(args, 'user') === '') return missing('user');
    const channel = postingChannel(context, textAt(args, 'channel'));
    if (typeof channel === 'string') return refuse(channel);
    const user = textAt(args, 'user');
    if (!channel.members.has(user)) return refuse('user_not_in_channel');
    if (Buffer.byteLength(textAt(args, 'text')) > maxTextBytes) return refuse('msg_too_long');
    const content = readContent(args);
    if (isRefusal(content)) return refuse(content.error, content.problems);
    const root = threadRoot(context.world, channel.id, textAt(args, 'thread_ts'));
    const message = addMessage(context.world, {
      channel: channel.id,
      user: bot.userId,
      ...content,
      text: content.text ?? '',
      visibleTo: user,
      ...(root === null ? {} : { threadTs: root }),
    });
    const { ts, text } = message;
    context.posts.push({
      at: context.world.now(),
      method: 'chat.postEphemeral',
      channel: channel.id,
      ts,
      text,
    });
    return ok({ message_ts: ts });
  },
};

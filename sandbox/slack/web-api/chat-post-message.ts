import { bot } from '#sandbox/cast.ts';
import { textAt } from '../json.ts';
import { messagePayload } from '../payloads/message-payload.ts';
import { isRefusal, readContent } from '../responses/message-content.ts';
import { addMessage, threadRoot } from '../world/messages.ts';
import { type Method, missing, ok, refuse } from './method.ts';
import { postingChannel } from './posting-channel.ts';

/** https://docs.slack.dev/reference/methods/chat.postMessage (slack-facts section 8) */
export const chatPostMessage: Method = {
  scope: 'chat:write',
  answer: (args, context) => {
    if (textAt(args, 'channel') === '') return missing('channel');
    const channel = postingChannel(context, textAt(args, 'channel'));
    if (typeof channel === 'string') return refuse(channel);
    const content = readContent(args);
    if (isRefusal(content)) return refuse(content.error, content.problems);
    const root = threadRoot(context.world, channel.id, textAt(args, 'thread_ts'));
    const message = addMessage(context.world, {
      channel: channel.id,
      user: bot.userId,
      ...content,
      text: content.text ?? '',
      ...(root === null ? {} : { threadTs: root }),
    });
    const { ts, text } = message;
    context.posts.push({
      at: context.world.now(),
      method: 'chat.postMessage',
      channel: channel.id,
      ts,
      text,
    });
    return ok({ channel: channel.id, ts, message: messagePayload(message) });
  },
};

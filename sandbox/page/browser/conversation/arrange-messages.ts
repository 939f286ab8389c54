import type { ClientMessage } from '../../../slack/client-contract.ts';
import { dateOf } from './message-time.ts';

export type ArrangedMessage = {
  message: ClientMessage;
  /** The first message of its day. */
  startsDay: boolean;
  /** Follows soon after one by the same author, and so needs neither face nor name. */
  isContinued: boolean;
};

/** The messages of a channel itself, without the replies in its threads. */
export function channelMessages(messages: readonly ClientMessage[], channel: string): ClientMessage[] {
  return messages.filter((message) => message.channel === channel && isTopLevel(message));
}

/** The replies to one message, without that message. */
export function threadReplies(messages: readonly ClientMessage[], channel: string, root: string) {
  return messages.filter(
    (message) => message.channel === channel && message.threadTs === root && message.ts !== root,
  );
}

function isTopLevel(message: ClientMessage): boolean {
  return message.threadTs === undefined || message.threadTs === message.ts;
}

const continuedWithinMs = 5 * 60_000;

/** Where days begin, and which messages continue the one before. */
export function arrangeMessages(messages: readonly ClientMessage[]): ArrangedMessage[] {
  return messages.map((message, index) => {
    const previous = messages[index - 1];
    const startsDay =
      previous === undefined || dateOf(previous.ts).toDateString() !== dateOf(message.ts).toDateString();
    const gapMs = previous === undefined ? 0 : dateOf(message.ts).getTime() - dateOf(previous.ts).getTime();
    const isContinued =
      !startsDay &&
      previous?.user === message.user &&
      gapMs < continuedWithinMs &&
      !message.isEphemeral &&
      !previous.isEphemeral &&
      previous.replyCount === 0;
    return { message, startsDay, isContinued };
  });
}

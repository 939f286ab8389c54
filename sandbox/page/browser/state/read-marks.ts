import type { ClientChannel, ClientSnapshot } from '../../../slack/client-contract.ts';

/** Each person's read marks live in this browser, since a snapshot says only what there is. */
const keyOf = (as: string, channel: string) => `lucy-sandbox:read:${as}:${channel}`;

export type Unread = {
  /** Something came after the last visit. */
  isAny: boolean;
  /** How many of it mention this person, or came to them directly. */
  forMe: number;
};

/** What this person has not seen of a channel. */
export function unreadIn(snapshot: ClientSnapshot, channel: ClientChannel | undefined): Unread {
  if (channel === undefined || channel.latestTs === null) return { isAny: false, forMe: 0 };
  const readTo = localStorage.getItem(keyOf(snapshot.as.id, channel.id)) ?? '';
  if (channel.latestTs <= readTo) return { isAny: false, forMe: 0 };
  const forMe = snapshot.messages.filter(
    (message) => message.channel === channel.id && message.ts > readTo && message.isForMe,
  );
  return { isAny: true, forMe: forMe.length };
}

/** Remembers that everything up to now was seen. */
export function markRead(as: string, channel: ClientChannel): void {
  if (channel.latestTs !== null) localStorage.setItem(keyOf(as, channel.id), channel.latestTs);
}

import type { ClientChannel } from '../../../slack/client-contract.ts';

/** Each person's read marks live in this browser, since a snapshot says only what there is. */
const keyOf = (as: string, channel: string) => `lucy-sandbox:read:${as}:${channel}`;

/** Whether something came after the last visit. */
export function isUnread(as: string, channel: ClientChannel): boolean {
  if (channel.latestTs === null) return false;
  return channel.latestTs > (localStorage.getItem(keyOf(as, channel.id)) ?? '');
}

/** Remembers that everything up to now was seen. */
export function markRead(as: string, channel: ClientChannel): void {
  if (channel.latestTs !== null) localStorage.setItem(keyOf(as, channel.id), channel.latestTs);
}

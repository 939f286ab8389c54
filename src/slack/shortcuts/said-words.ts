import { clamp, defang } from '#src/core/text.ts';
import type { SlackParts } from '../parts.ts';
import { typedText } from '../slack-text.ts';

const TEXT_MAX = 700;

/** Who wrote a message, as people know them. */
export async function authorName(
  parts: Pick<SlackParts, 'members'>,
  { userId, name }: { userId: string | null; name: string | null },
): Promise<string> {
  if (userId === null) return name === null ? 'an app' : clamp(defang(name), 60);
  try {
    return (await parts.members.actorOf({ userId, teamId: null })).name;
  } catch {
    return userId;
  }
}

/** `Sam in #support: “checkout hangs”`. Mentions and links are words here: they call nobody. */
export function saidWords(said: { author: string; channelName: string | null; text: string }): string {
  const text = clamp(defang(typedText(said.text)).replace(/\s+/g, ' ').trim(), TEXT_MAX);
  const isNamed = said.channelName && !/^(privategroup|directmessage)$/.test(said.channelName);
  const where = isNamed ? ` in #${said.channelName}` : '';
  return text === ''
    ? `${said.author}${where}: a message without words`
    : `${said.author}${where}: “${text}”`;
}

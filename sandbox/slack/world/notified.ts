import { isRecord, type Json, textAt } from '../json.ts';
import type { Message } from './message.ts';
import type { World } from './world.ts';

type Said = Pick<Message, 'channel' | 'user' | 'text' | 'blocks' | 'visibleTo'>;

/**
 * Whom a message notifies when it is posted: those whom its shown part mentions and who are in the channel. An edit
 * notifies nobody, so this is asked once. In a DM everything notifies the other side.
 */
export function notifiedBy(world: World, message: Said): string[] {
  const channel = world.channels.get(message.channel);
  if (!channel || message.visibleTo !== null) return [];
  const members = [...channel.members].filter((id) => world.people.has(id) && id !== message.user);
  if (channel.kind === 'dm') return members;
  const mentioned = new Set(message.blocks ? message.blocks.flatMap(inBlock) : inText(message.text));
  if (mentioned.has('everyone')) return members;
  const meant = [...mentioned].flatMap((id) => world.groups.get(id)?.members ?? [id]);
  return members.filter((id) => meant.includes(id));
}

/** Ids of people and groups, and `everyone`, wherever they stand in a block. */
function inBlock(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(inBlock);
  if (!isRecord(value)) return [];
  const own = mentionOf(value);
  return own ?? Object.values(value).flatMap(inBlock);
}

function mentionOf(value: Json): string[] | null {
  if (value.type === 'user') return [textAt(value, 'user_id')];
  if (value.type === 'usergroup') return [textAt(value, 'usergroup_id')];
  if (value.type === 'broadcast') return ['everyone'];
  return value.type === 'mrkdwn' ? inText(textAt(value, 'text')) : null;
}

function inText(text: string): string[] {
  const tokens = text.matchAll(/<(?:@([UW]\w+)|!subteam\^(S\w+)|!(?:channel|here|everyone))(?:[|^][^>]*)?>/g);
  return [...tokens].map(([, person, group]) => person ?? group ?? 'everyone');
}

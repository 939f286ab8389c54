import { adoptCardMessage, findCard } from '#db/cards.ts';
import type { Reply } from '#src/replies/reply.ts';
import type { Message } from './block-kit.ts';
import type { Click } from './listeners/action-place.ts';
import type { SlackParts } from './parts.ts';
import { lines, own } from './render/rich-text.ts';

/**
 * A card can stand twice: Slack took it, and Lucy was killed before she wrote down where. Then it was posted again, and
 * nobody edits the first copy. Whoever clicks there gets its buttons replaced by the way to the card that goes on.
 *
 * @returns what to say instead of doing anything; null when the click was on the card itself
 */
export async function retireStrayCard(parts: SlackParts, click: Click): Promise<Reply | null> {
  const { card: key, place } = click;
  if (key === null || place.kind !== 'message' || !place.channelId || !place.messageTs) return null;
  const sql = parts.runner.database.knex;
  const card = await findCard(sql, key);
  if (!card) return null;
  const here = { channel: place.channelId, ts: place.messageTs };
  // Lost, and not posted again yet: then this is the card, and what is to be posted edits it.
  if (!card.channel || !card.ts) {
    await adoptCardMessage(sql, key, here);
    return null;
  }
  if (card.channel === here.channel && card.ts === here.ts) return null;
  const link = await linkTo(parts, card.channel, card.ts);
  await replace(parts, here, pointerMessage(link));
  return {
    tone: 'info',
    title: 'This was an older copy of a card; nothing was done.',
    hint:
      link === null ? 'The card continues further down in its channel.' : `The card continues here: ${link}`,
  };
}

function pointerMessage(link: string | null): Message {
  const text = link === null ? 'This card continues further down.' : `This card continues here: ${link}`;
  const pieces =
    link === null ? [own(text)] : [own('This card continues here: '), { type: 'link' as const, url: link }];
  return { text, blocks: [lines([pieces])] };
}

async function linkTo(parts: SlackParts, channel: string, ts: string): Promise<string | null> {
  try {
    return (await parts.slack.chat.getPermalink({ channel, message_ts: ts })).permalink ?? null;
  } catch (error) {
    parts.log.warn({ event: 'slack_permalink_failed', err: error }, 'Slack gave no link to a card');
    return null;
  }
}

async function replace(parts: SlackParts, here: { channel: string; ts: string }, message: Message) {
  try {
    await parts.slack.chat.update({ ...here, ...message });
  } catch (error) {
    parts.log.warn(
      { event: 'slack_copy_stays', err: error },
      'An older copy of a card could not be replaced',
    );
  }
}

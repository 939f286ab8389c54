import { formatUtc } from '#src/core/clock.ts';
import type { Value } from '#src/replies/reply.ts';
import type { RichText, RichTextBlock } from '../block-kit.ts';
import { shorten } from './shorten.ts';

/**
 * Rich text is a tree, not markup: nothing in a text piece is ever read as a mention, a link or a format, so it is
 * the one safe place for foreign text (docs.slack.dev/reference/block-kit/blocks/rich-text-block).
 */
type Style = { bold?: true; code?: true; italic?: true };

export function words(text: string, max: number, style?: Style): RichText {
  const shown = shorten(text, max, true);
  // An empty piece is refused.
  return { type: 'text', text: shown === '' ? '–' : shown, ...(style ? { style } : {}) };
}

/** Words of Lucy's own, with their spaces. */
export function own(text: string, style?: Style): RichText {
  return { type: 'text', text, ...(style ? { style } : {}) };
}

export function emoji(name: string): RichText {
  return { type: 'emoji', name };
}

/** A value as a piece: a moment in the reader's own time zone, with UTC where that cannot be shown. */
export function piece(value: Value, max: number, style?: Style): RichText {
  if (typeof value === 'string') return words(value, max, style);
  if ('code' in value) return words(value.code, max, { ...style, code: true });
  if ('link' in value) return linked(value.link, value.text, max);
  if ('channel' in value) return { type: 'channel', channel_id: value.channel };
  return moment(value.at, style);
}

/** Longer addresses Slack refuses, and others than these it opens in programs (rich text block, link element). */
const LINK_MAX = 3_000;

function linked(url: string, text: string, max: number): RichText {
  const isAddress = /^https?:\/\//.test(url) && url.length <= LINK_MAX;
  return isAddress ? { type: 'link', url, text: shorten(text, max, true) || url } : words(text, max);
}

function moment(at: number, style?: Style): RichText {
  return {
    type: 'date',
    timestamp: Math.floor(at / 1000),
    format: '{date_short_pretty} at {time}',
    fallback: formatUtc(at),
    ...(style ? { style } : {}),
  };
}

/** A moment as `formatUtc` writes it. */
const inUtc = /(\d{4}-\d\d-\d\d \d\d:\d\d) UTC/;

/** Words in which every moment is in the reader's own time zone, too: two clocks in one message are one too many. */
export function phrase(text: string, max: number, style?: Style): RichText[] {
  const whole = words(text, max, style);
  if (whole.type !== 'text') return [whole];
  return whole.text.split(inUtc).flatMap((part, index) => {
    const at = index % 2 === 1 ? Date.parse(`${part.replace(' ', 'T')}Z`) : Number.NaN;
    if (Number.isFinite(at)) return [moment(at, style)];
    // Slack says “today at 14:00”.
    const kept = index % 2 === 1 ? `${part} UTC` : part.replace(/ at $/, ' ');
    return kept === '' ? [] : [own(kept, style)];
  });
}

/** A value, with the moments that its words name. */
export function pieces(value: Value, max: number, style?: Style): RichText[] {
  return typeof value === 'string' ? phrase(value, max, style) : [piece(value, max, style)];
}

/** Lines of pieces as one block. */
export function lines(rows: readonly RichText[][]): RichTextBlock {
  const elements = rows.flatMap((row, index) => (index === 0 ? row : [own('\n'), ...row]));
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}

/** Text exactly as it is, in a box that is easy to copy. */
export function preformatted(text: string): RichTextBlock {
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: text || '–' }] }],
  };
}

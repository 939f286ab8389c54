import type { types } from '@slack/bolt';

/** Slack's own JSON, under the names that Lucy uses. */
export type Block = types.KnownBlock;
export type ModalView = types.ModalView;
export type HomeView = types.HomeView;
export type Button = types.Button;
export type InputBlock = types.InputBlock;
export type RichTextBlock = types.RichTextBlock;
export type RichText = types.RichTextElement;

/** What a message consists of: `text` is the notification and what a screen reader says. */
export type Message = { text: string; blocks: Block[] };

export function plainText(text: string): types.PlainTextElement {
  return { type: 'plain_text', text, emoji: false };
}

import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { InlineNodes } from '../mrkdwn/inline-nodes.ts';
import { type Json, recordsAt, textAt } from '../read-json.ts';
import type { BlockProps } from './blocks.ts';
import { readRichTextElement } from './rich-text-element.ts';

/** Slack's structured text. */
export function RichTextBlock({ block }: BlockProps): VNode {
  return html`<div class="block-rich-text"><${RichText} elements=${recordsAt(block, 'elements')} /></div>`;
}

/** The sections, lists, quotes and preformatted pieces of a rich text. */
export function RichText({ elements }: { elements: readonly Json[] }): VNode {
  return html`${elements.map((element) => drawPart(element))}`;
}

function drawPart(part: Json): VNode {
  const elements = recordsAt(part, 'elements');
  if (part.type === 'rich_text_preformatted') {
    return html`<pre class="rich-pre">${elements.map((element) => textAt(element, 'text') || textAt(element, 'url')).join('')}</pre>`;
  }
  if (part.type === 'rich_text_list') return drawList(part, elements);
  const nodes = html`<${InlineNodes} nodes=${elements.map(readRichTextElement)} />`;
  if (part.type === 'rich_text_quote') return html`<blockquote class="rich-quote">${nodes}</blockquote>`;
  return html`<p class="rich-line">${nodes}</p>`;
}

function drawList(part: Json, items: Json[]): VNode {
  const List = part.style === 'ordered' ? 'ol' : 'ul';
  const indent = { marginInlineStart: `${(Number(part.indent) || 0) * 24}px` };
  return html`<${List} class="rich-list" style=${indent} start=${(Number(part.offset) || 0) + 1}>
    ${items.map((item) => html`<li><${InlineNodes} nodes=${recordsAt(item, 'elements').map(readRichTextElement)} /></li>`)}
  </${List}>`;
}

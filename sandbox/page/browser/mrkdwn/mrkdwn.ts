import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { type Json, textAt } from '../read-json.ts';
import { withEmoji } from './emoji.ts';
import { InlineNodes } from './inline-nodes.ts';
import type { Paragraph } from './nodes.ts';
import { readMarkdown } from './read-markdown.ts';
import { readMrkdwn } from './read-mrkdwn.ts';

/** Slack's mrkdwn, drawn as elements. */
export function Mrkdwn({ text }: { text: string }): VNode {
  return html`<${Paragraphs} paragraphs=${readMrkdwn(text)} />`;
}

/** The `markdown` block's text. */
export function Markdown({ text }: { text: string }): VNode {
  return html`<${Paragraphs} paragraphs=${readMarkdown(text)} />`;
}

/** A text object of Block Kit: mrkdwn is read, plain text is not. */
export function TextObject({ text }: { text: Json }): VNode {
  const content = textAt(text, 'text');
  if (text.type === 'mrkdwn') return html`<${Mrkdwn} text=${content} />`;
  const shown = text.emoji === false ? content : withEmoji(content);
  return html`<p class="rich-line">${shown}</p>`;
}

function Paragraphs({ paragraphs }: { paragraphs: Paragraph[] }): VNode {
  return html`${paragraphs.map((paragraph) => drawParagraph(paragraph))}`;
}

function drawParagraph(paragraph: Paragraph): VNode {
  if (paragraph.kind === 'preformatted') return html`<pre class="rich-pre">${paragraph.text}</pre>`;
  if (paragraph.kind === 'rule') return html`<hr class="block-divider" />`;
  const content = html`<${InlineNodes} nodes=${paragraph.children} />`;
  if (paragraph.kind === 'quote') return html`<blockquote class="rich-quote">${content}</blockquote>`;
  if (paragraph.kind === 'heading') {
    return html`<p class="rich-heading" role="heading" aria-level=${paragraph.level + 2}>${content}</p>`;
  }
  if (paragraph.kind === 'item') {
    const indent = { paddingInlineStart: `${paragraph.depth * 20 + 20}px` };
    return html`<p class="rich-item" style=${indent}><span class="rich-marker">${paragraph.marker}</span>${content}</p>`;
  }
  return html`<p class="rich-line">${content}</p>`;
}

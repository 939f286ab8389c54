import { emojiFor } from '../mrkdwn/emoji.ts';
import type { Inline } from '../mrkdwn/nodes.ts';
import { safeLink } from '../mrkdwn/safe-link.ts';
import { type Json, recordAt, textAt } from '../read-json.ts';

/** One element of a rich text section, as the same node that mrkdwn yields. */
export function readRichTextElement(element: Json): Inline {
  switch (element.type) {
    case 'link':
      return readLink(element);
    case 'user':
      return { kind: 'user', id: textAt(element, 'user_id'), label: '' };
    case 'channel':
      return { kind: 'channel', id: textAt(element, 'channel_id'), label: '' };
    case 'usergroup':
      return { kind: 'usergroup', id: textAt(element, 'usergroup_id'), label: '' };
    case 'broadcast':
      return { kind: 'broadcast', name: textAt(element, 'range') };
    case 'emoji':
      return readEmoji(element);
    case 'date':
      return {
        kind: 'date',
        seconds: Number(element.timestamp) || 0,
        format: textAt(element, 'format'),
        url: safeLink(textAt(element, 'url')),
        fallback: textAt(element, 'fallback'),
      };
    default:
      return withStyle(element, textAt(element, 'text') || textAt(element, 'value'));
  }
}

function readLink(element: Json): Inline {
  const url = safeLink(textAt(element, 'url'));
  const label = textAt(element, 'text') || textAt(element, 'url');
  return url === null ? { kind: 'text', text: label } : { kind: 'link', url, label };
}

function readEmoji(element: Json): Inline {
  const name = textAt(element, 'name');
  const character = emojiFor(name);
  return character === null ? { kind: 'text', text: `:${name}:` } : { kind: 'emoji', character, name };
}

function withStyle(element: Json, text: string): Inline {
  const style = recordAt(element, 'style') ?? {};
  let node: Inline = style.code === true ? { kind: 'code', text } : { kind: 'text', text };
  if (style.strike === true) node = { kind: 'strike', children: [node] };
  if (style.italic === true) node = { kind: 'italic', children: [node] };
  if (style.bold === true) node = { kind: 'bold', children: [node] };
  return node;
}

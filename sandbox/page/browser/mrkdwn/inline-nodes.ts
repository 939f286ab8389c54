import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { channelAt, nameOf, useClient } from '../state/client.ts';
import type { Inline } from './nodes.ts';
import { formatSlackDate } from './slack-date.ts';

/** Draws text with its formatting, links and mentions. */
export function InlineNodes({ nodes }: { nodes: readonly Inline[] }): VNode {
  return html`${nodes.map((node) => html`<${InlineNode} node=${node} />`)}`;
}

function InlineNode({ node }: { node: Inline }): VNode | string {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'bold':
      return html`<strong><${InlineNodes} nodes=${node.children} /></strong>`;
    case 'italic':
      return html`<em><${InlineNodes} nodes=${node.children} /></em>`;
    case 'strike':
      return html`<s><${InlineNodes} nodes=${node.children} /></s>`;
    case 'code':
      return html`<code class="rich-code">${node.text}</code>`;
    case 'emoji':
      return html`<span class="emoji" role="img" aria-label=${node.name}>${node.character}</span>`;
    case 'link':
      return html`<a href=${node.url} target="_blank" rel="noopener noreferrer">${node.label}</a>`;
    case 'broadcast':
      return html`<span class="mention mention-loud">@${node.name}</span>`;
    case 'date':
      return html`<${SlackDate} node=${node} />`;
    default:
      return html`<${Mention} node=${node} />`;
  }
}

function SlackDate({ node }: { node: Extract<Inline, { kind: 'date' }> }): VNode {
  const text = formatSlackDate(node.seconds, node.format, new Date());
  const title = new Date(node.seconds * 1000).toLocaleString();
  if (node.url === null) return html`<time title=${title}>${text}</time>`;
  return html`<a href=${node.url} title=${title} target="_blank" rel="noopener noreferrer">${text}</a>`;
}

function Mention({ node }: { node: Extract<Inline, { kind: 'user' | 'channel' | 'usergroup' }> }): VNode {
  const { snapshot, go, act } = useClient();
  if (node.kind === 'usergroup') {
    const group = snapshot.groups.find((one) => one.id === node.id);
    const look = group?.isMine ? 'mention mention-loud' : 'mention';
    return html`<span class=${look}>@${group?.name ?? (node.label.replace(/^@/, '') || node.id)}</span>`;
  }
  if (node.kind === 'user') {
    const isMe = node.id === snapshot.as.id;
    return html`<span class=${isMe ? 'mention mention-loud' : 'mention'}>@${nameOf(snapshot, node.id)}</span>`;
  }
  const channel = snapshot.channels.find((one) => one.id === node.id);
  const other = snapshot.others.find((one) => one.id === node.id);
  const name = channel?.name ?? other?.name ?? (node.label || node.id);
  if (other) {
    const join = async () => {
      const joined = await act({ kind: 'join', channel: other.id });
      if (joined.ok) go({ spot: other.name, thread: null });
    };
    return html`<button type="button" class="mention" onClick=${() => void join()}>#${name}</button>`;
  }
  if (!channel || channelAt(snapshot, channel.name) === undefined)
    return html`<span class="mention">#${name}</span>`;
  return html`<button type="button" class="mention" onClick=${() => go({ spot: channel.name, thread: null })}>#${name}</button>`;
}

import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useErrorBoundary } from 'preact/hooks';
import type { ClientMessage } from '../../../slack/client-contract.ts';
import { Avatar } from '../avatar.ts';
import { BlockSurface } from '../blocks/block-surface.ts';
import { Icon } from '../icon.ts';
import { Mrkdwn } from '../mrkdwn/mrkdwn.ts';
import { nameOf, useClient } from '../state/client.ts';
import { FileCard } from './file-card.ts';
import { clockTime, fullTime } from './message-time.ts';
import { MessageTools } from './message-tools.ts';
import { useKeptFocus } from './use-kept-focus.ts';

type Props = { message: ClientMessage; isContinued: boolean; inThread: boolean };

/** One message with its face, its content and the way into its thread. */
export function Message({ message, isContinued, inThread }: Props): VNode {
  const { snapshot } = useClient();
  const author = nameOf(snapshot, message.user);
  const time = clockTime(message.ts);
  const element = useKeptFocus();
  return html`<article
    class="message"
    ref=${element}
    tabindex="-1"
    data-testid="message"
    data-ts=${message.ts}
    data-ephemeral=${message.isEphemeral}
    data-continued=${isContinued}
    aria-label=${`${author}, ${time}`}
  >
    ${message.isEphemeral && html`<p class="message-private"><${Icon} name="eye" />Only visible to you</p>`}
    ${message.pinnedBy !== undefined && html`<p class="message-private"><${Icon} name="pin" />Pinned by ${nameOf(snapshot, message.pinnedBy)}</p>`}
    <div class="message-side">
      ${
        isContinued
          ? html`<time class="message-side-time" title=${fullTime(message.ts)}>${time}</time>`
          : html`<${Avatar} user=${message.user} size="medium" />`
      }
    </div>
    <div class="message-main">
      ${!isContinued && html`<${MessageHead} message=${message} author=${author} time=${time} />`}
      <${MessageContent} message=${message} />
      ${message.files?.map((file) => html`<${FileCard} key=${file.id} file=${file} />`)}
      ${!inThread && html`<${ThreadLink} message=${message} />`}
    </div>
    ${!message.isEphemeral && html`<${MessageTools} message=${message} inThread=${inThread} />`}
  </article>`;
}

function MessageHead(props: { message: ClientMessage; author: string; time: string }): VNode {
  const { message, author, time } = props;
  const { snapshot } = useClient();
  return html`<div class="message-head">
    <span class="message-author">${author}</span>
    ${message.user === snapshot.bot.userId && html`<span class="badge">APP</span>`}
    <time title=${fullTime(message.ts)}>${time}</time>
  </div>`;
}

/** One message that cannot be drawn must not take the page with it. */
function MessageContent({ message }: { message: ClientMessage }): VNode {
  const { snapshot } = useClient();
  const [failure] = useErrorBoundary();
  if (failure) return html`<p class="block-unknown">This message could not be drawn.</p>`;
  const { channel, ts } = message;
  const edited =
    message.editedAt &&
    html`<span class="message-edited" title=${fullTime(message.editedAt)}>(edited)</span>`;
  if (message.blocks === undefined || message.blocks.length === 0) {
    return html`<div class="message-text"><${Mrkdwn} text=${message.text} />${edited}</div>`;
  }
  const formKey = `message:${snapshot.as.id}:${channel}:${ts}`;
  return html`<${BlockSurface} formKey=${formKey} where=${{ message: { channel, ts } }} blocks=${message.blocks} />${edited}`;
}

function ThreadLink({ message }: { message: ClientMessage }): VNode | null {
  const { snapshot, go } = useClient();
  if (message.replyCount === 0) return null;
  const repliers = new Set(
    snapshot.messages
      .filter((one) => one.threadTs === message.ts && one.ts !== message.ts)
      .map((one) => one.user),
  );
  const words = message.replyCount === 1 ? '1 reply' : `${message.replyCount} replies`;
  return html`<button type="button" class="thread-link" onClick=${() => go({ thread: message.ts })}>
    <span class="thread-faces">${[...repliers].slice(0, 4).map((user) => html`<${Avatar} user=${user} size="small" />`)}</span>
    ${words}
  </button>`;
}

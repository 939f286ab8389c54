import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { ClientChannel } from '../../../slack/client-contract.ts';
import { Composer } from '../composer/composer.ts';
import { Icon } from '../icon.ts';
import { nameOf, useClient } from '../state/client.ts';
import { useDraft } from '../state/drafts.ts';
import { threadReplies } from './arrange-messages.ts';
import { Message } from './message.ts';
import { MessageList } from './message-list.ts';

/** The replies to one message. */
export function ThreadPanel({ channel, root }: { channel: ClientChannel; root: string }): VNode {
  const { snapshot, act, go } = useClient();
  const key = `${snapshot.as.id}:${channel.id}:${root}`;
  const [draft, write] = useDraft(key);
  const message = snapshot.messages.find((one) => one.channel === channel.id && one.ts === root);
  const replies = threadReplies(snapshot.messages, channel.id, root);
  const place = channel.kind === 'channel' ? `#${channel.name}` : nameOf(snapshot, channel.withUser ?? '');
  return html`<aside class="thread" aria-label="Thread">
    <header class="side-head">
      <h2>Thread <span title=${place}>${place}</span></h2>
      <button type="button" class="icon-button" aria-label="Close thread" onClick=${() => go({ thread: null })}>
        <${Icon} name="close" />
      </button>
    </header>
    <${MessageList} key=${key} scrollKey=${key} label="Replies" messages=${replies} inThread=${true}>
      ${
        message
          ? html`<${Message} message=${message} isContinued=${false} inThread=${true} />`
          : html`<p class="empty-line">This message is no longer there.</p>`
      }
      <div class="day" role="separator"><span>${replies.length === 1 ? '1 reply' : `${replies.length} replies`}</span></div>
    <//>
    <${Composer}
      key=${`composer-${key}`}
      label="Reply to thread"
      draft=${draft}
      onWrite=${write}
      completes=${false}
      onSend=${(text: string) => act({ kind: 'say', channel: channel.id, text, threadTs: root })}
    />
  </aside>`;
}

import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import type { ClientMessage } from '../../../slack/client-contract.ts';
import { Icon } from '../icon.ts';
import { arrangeMessages } from './arrange-messages.ts';
import { Message } from './message.ts';
import { dayName } from './message-time.ts';
import { useStickyScroll } from './use-sticky-scroll.ts';

type Props = {
  /** The reader's place is kept under this key. */
  scrollKey: string;
  label: string;
  messages: ClientMessage[];
  inThread: boolean;
  /** Stands above the first message. */
  children?: ComponentChildren;
};

/** Messages by day. */
export function MessageList({ scrollKey, label, messages, inThread, children }: Props): VNode {
  const { element, hasNew, toEnd, onScroll } = useStickyScroll(scrollKey, messages.at(-1)?.ts ?? '');
  const now = new Date();
  return html`<div class="log-frame">
    <div class="log" role="log" aria-label=${label} tabindex="0" ref=${element} onScroll=${onScroll}>
      <div class="log-space"></div>
      ${children}
      ${arrangeMessages(messages).map(
        ({ message, startsDay, isContinued }) => html`
          ${startsDay && !inThread && html`<div class="day" key=${`day-${message.ts}`} role="separator"><span>${dayName(message.ts, now)}</span></div>`}
          <${Message}
            key=${`${message.ts}-${message.isEphemeral}`}
            message=${message}
            isContinued=${isContinued}
            inThread=${inThread}
          />
        `,
      )}
    </div>
    ${hasNew && html`<button type="button" class="new-messages" onClick=${toEnd}><${Icon} name="down" />New messages</button>`}
  </div>`;
}

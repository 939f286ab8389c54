import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import { useClient } from '../state/client.ts';

type Props = {
  spot: string;
  /** A second spot at which this link counts as the present one. */
  also?: string;
  isUnread: boolean;
  mark: VNode;
  children?: ComponentChildren;
};

/** One place in the rail, with a dot when something there is unread. */
export function RailLink({ spot, also, isUnread, mark, children }: Props): VNode {
  const { place, go } = useClient();
  const isHere = place.spot === spot || place.spot === also;
  const hasNews = isUnread && !isHere;
  return html`<button
    type="button"
    class="rail-link"
    aria-current=${isHere ? 'page' : undefined}
    data-unread=${hasNews}
    onClick=${() => go({ spot, thread: null })}
  >
    <span class="rail-mark">${mark}</span>
    <span class="rail-name">${children}</span>
    ${hasNews && html`<span class="unread" role="img" aria-label="unread"></span>`}
  </button>`;
}

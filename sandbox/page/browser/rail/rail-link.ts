import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import { useClient } from '../state/client.ts';
import type { Unread } from '../state/read-marks.ts';
import { UnreadMark } from './unread-mark.ts';

type Props = {
  spot: string;
  isHere: boolean;
  unread: Unread;
  mark: VNode;
  children?: ComponentChildren;
};

/** One place in the rail, with a mark when something there is unread. */
export function RailLink({ spot, isHere, unread, mark, children }: Props): VNode {
  const { go } = useClient();
  return html`<button
    type="button"
    class="rail-link"
    aria-current=${isHere ? 'page' : undefined}
    data-unread=${unread.isAny}
    onClick=${() => go({ spot, thread: null })}
  >
    <span class="rail-mark">${mark}</span>
    <span class="rail-name">${children}</span>
    <${UnreadMark} unread=${unread} />
  </button>`;
}

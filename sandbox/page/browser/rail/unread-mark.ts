import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { Unread } from '../state/read-marks.ts';

/** The number of messages that are for the reader; a dot when there are only others. */
export function UnreadMark({ unread }: { unread: Unread }): VNode | null {
  const { isAny, forMe } = unread;
  if (!isAny) return null;
  if (forMe === 0) return html`<span class="unread" role="img" aria-label="unread"></span>`;
  return html`<span class="unread-count" role="img" aria-label=${`${forMe} unread for you`}>${Math.min(forMe, 99)}</span>`;
}

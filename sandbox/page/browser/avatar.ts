import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { personOf, useClient } from './state/client.ts';

/** A person's initial on their colour, or Lucy's mark. */
export function Avatar({ user, size }: { user: string; size: 'small' | 'medium' | 'large' }): VNode {
  const { snapshot } = useClient();
  if (user === snapshot.bot.userId) return html`<${LucyMark} size=${size} />`;
  const person = personOf(snapshot, user);
  const style = { backgroundColor: person?.colour ?? '#777777' };
  const initial = person?.realName.slice(0, 2) ?? '?';
  return html`<span class=${`avatar avatar-${size}`} style=${style} aria-hidden="true">${initial}</span>`;
}

/** Lucy's own mark. */
export function LucyMark({ size }: { size: 'small' | 'medium' | 'large' }): VNode {
  return html`<span class=${`avatar avatar-lucy avatar-${size}`} aria-hidden="true">
    <svg viewBox="0 0 20 20"><path d="M6.500 4v11.500h7.500" /><path class="spark" d="m14 3.500.9 2.100 2.100.9-2.100.9-.9 2.100-.9-2.100-2.100-.9 2.100-.9Z" /></svg>
  </span>`;
}

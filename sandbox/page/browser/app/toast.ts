import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';

type Props = { sentence: string | null; isLasting: boolean; onGone: () => void };

/** Long enough to read a sentence twice. */
const shownForMs = 7000;

/** A sentence over the page, where it hides neither the last message nor the composer. */
export function Toast({ sentence, isLasting, onGone }: Props): VNode {
  useEffect(() => {
    if (!sentence || isLasting) return;
    const timer = setTimeout(onGone, shownForMs);
    return () => clearTimeout(timer);
  }, [sentence, isLasting]);
  return html`<div class="toast-place" role="status">${sentence && html`<p class="toast">${sentence}</p>`}</div>`;
}

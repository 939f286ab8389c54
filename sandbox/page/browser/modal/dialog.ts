import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Icon } from '../icon.ts';

type Props = {
  title: string;
  size: 'small' | 'medium';
  /** A pushed view closes to the one below it. */
  isStacked?: boolean;
  onClose: () => void;
  children?: ComponentChildren;
};

/** A window over the page. The browser's own dialog traps the focus, and Escape closes it. */
export function Dialog({ title, size, isStacked, onClose, children }: Props): VNode {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = element.current;
    const opener = document.activeElement;
    dialog?.showModal();
    const first =
      dialog?.querySelector<HTMLElement>('[data-first-focus]') ??
      dialog?.querySelector<HTMLElement>('.modal-body :is(input, textarea, select), .button-primary');
    first?.focus();
    return () => {
      dialog?.close();
      // The browser gives the focus back only if the dialog is closed before it is taken out of the page.
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true });
    };
  }, []);
  const cancel = (event: Event) => {
    event.preventDefault();
    onClose();
  };
  return html`<dialog ref=${element} class=${`dialog dialog-${size}`} aria-labelledby=${titleId} onCancel=${cancel}>
    <header class="modal-head">
      ${isStacked && html`<button type="button" class="icon-button" aria-label="Back" onClick=${onClose}><${Icon} name="back" /></button>`}
      <h2 id=${titleId}>${title}</h2>
      ${!isStacked && html`<button type="button" class="icon-button" aria-label="Close" onClick=${onClose}><${Icon} name="close" /></button>`}
    </header>
    ${children}
  </dialog>`;
}

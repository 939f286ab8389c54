import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { Dialog } from '../modal/dialog.ts';
import { TextObject } from '../mrkdwn/mrkdwn.ts';
import { type Json, plainTextAt, recordAt, textAt } from '../read-json.ts';

type Props = { confirm: Json | null; onConfirm: () => void; onDismiss: () => void };

/** “Are you sure?”, in the words that the element brought. */
export function ConfirmDialog({ confirm, onConfirm, onDismiss }: Props): VNode {
  const words = confirm ?? {};
  const text = recordAt(words, 'text') ?? { type: 'plain_text', text: plainTextAt(words, 'text') };
  const isDanger = textAt(words, 'style') === 'danger';
  const look = isDanger ? 'button button-danger' : 'button button-primary';
  // The Enter that opened it, held a moment too long, must not confirm what cannot be taken back.
  return html`<${Dialog} title=${plainTextAt(words, 'title') || 'Are you sure?'} size="small" onClose=${onDismiss}>
    <div class="modal-body"><${TextObject} text=${text} /></div>
    <footer class="modal-foot">
      <button type="button" class="button button-plain" data-first-focus=${isDanger || undefined} onClick=${onDismiss}>${plainTextAt(words, 'deny') || 'Cancel'}</button>
      <button type="button" class=${look} onClick=${onConfirm}>${plainTextAt(words, 'confirm') || 'Yes'}</button>
    </footer>
  <//>`;
}

import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { type Json, textAt } from '../read-json.ts';

/** One mail: who it is for and what it is about, and opened, the mail as either of its two forms. */
export function Mail({ mail }: { mail: Json }): VNode {
  const [isOpen, setOpen] = useState(false);
  const [isPlain, setPlain] = useState(mail.hasHtml !== true);
  const at = new Date(Number(mail.at) || 0);
  const subject = textAt(mail, 'subject');
  return html`<li class="mail" data-testid="mail">
    <button type="button" class="mail-head" aria-expanded=${isOpen} onClick=${() => setOpen(!isOpen)}>
      <b>${subject}</b>
      <span>to ${textAt(mail, 'to')}</span>
      <time>${at.toLocaleTimeString('en-GB', { timeStyle: 'short' })}</time>
    </button>
    ${
      isOpen &&
      html`<div class="mail-body">
        <p class="mail-sender">From ${textAt(mail, 'sender')}</p>
        <div class="mail-forms" role="group" aria-label="Form of the mail">
          <button type="button" class="link-button" aria-pressed=${!isPlain} onClick=${() => setPlain(false)}>As HTML</button>
          <button type="button" class="link-button" aria-pressed=${isPlain} onClick=${() => setPlain(true)}>As plain text</button>
        </div>
        ${
          isPlain
            ? html`<pre>${textAt(mail, 'text')}</pre>`
            : html`<iframe sandbox="" title=${subject} src=${`/mailbox/html?id=${encodeURIComponent(textAt(mail, 'id'))}`}></iframe>`
        }
      </div>`
    }
  </li>`;
}

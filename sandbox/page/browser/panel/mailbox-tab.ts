import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { Icon } from '../icon.ts';
import { isRecord, type Json, recordsAt, textAt } from '../read-json.ts';
import { useFeed } from './use-feed.ts';

/** The mails that Lucy sent to customers: [{ id, to, subject, text, at }], bare or under `mails`. */
export function MailboxTab(): VNode {
  const { data } = useFeed('/mailbox');
  const mails = recordsAt(isRecord(data) ? data : { mails: data }, 'mails');
  if (mails.length === 0) {
    return html`<div class="panel-blank">
      <${Icon} name="mail" />
      <h3>No mail yet</h3>
      <p>What Lucy sends to customers, such as a note about a failed payment, arrives here instead of in their inbox.</p>
    </div>`;
  }
  return html`<ul class="mails">${mails.map((mail) => html`<${Mail} key=${textAt(mail, 'id')} mail=${mail} />`)}</ul>`;
}

function Mail({ mail }: { mail: Json }): VNode {
  const at = new Date(Number(mail.at) || textAt(mail, 'at'));
  const time = Number.isNaN(at.getTime()) ? '' : at.toLocaleTimeString('en-GB', { timeStyle: 'short' });
  return html`<li>
    <details class="mail">
      <summary><b>${textAt(mail, 'subject')}</b><span>to ${textAt(mail, 'to')}</span><time>${time}</time></summary>
      <pre>${textAt(mail, 'text')}</pre>
    </details>
  </li>`;
}

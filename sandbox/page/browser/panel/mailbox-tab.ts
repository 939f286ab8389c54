import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { Icon } from '../icon.ts';
import { isRecord, recordsAt, textAt } from '../read-json.ts';
import { Mail } from './mail.ts';
import { useFeed } from './use-feed.ts';

/** The mails that Lucy sent to customers, newest first. */
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

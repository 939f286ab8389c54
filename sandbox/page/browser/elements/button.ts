import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { withEmoji } from '../mrkdwn/emoji.ts';
import { safeLink } from '../mrkdwn/safe-link.ts';
import { plainTextAt, recordAt, textAt } from '../read-json.ts';
import { ConfirmDialog } from './confirm-dialog.ts';
import { type ElementProps, useElement } from './use-element.ts';

/** A button; a URL button opens its address and still tells Lucy, as Slack's does. */
export function Button(props: ElementProps): VNode {
  const { element } = props;
  const held = useElement(props);
  const label = withEmoji(plainTextAt(element, 'text'));
  const name = textAt(element, 'accessibility_label') || undefined;
  const press = () => {
    if (!held.isPending) held.press({ type: 'button', value: element.value, text: element.text });
  };
  const look = `button button-${textAt(element, 'style') || 'plain'}`;
  const url = safeLink(textAt(element, 'url'));
  const dialog =
    held.asking &&
    html`<${ConfirmDialog} confirm=${recordAt(element, 'confirm')} onConfirm=${held.confirm} onDismiss=${held.dismiss} />`;
  if (url !== null) {
    return html`<a class=${look} href=${url} target="_blank" rel="noopener noreferrer" aria-label=${name} onClick=${press}>${label}</a>`;
  }
  return html`
    <button type="button" class=${look} aria-label=${name} aria-busy=${held.isPending} aria-disabled=${held.isPending} onClick=${press}>
      <span>${label}</span>
    </button>
    ${dialog}
  `;
}

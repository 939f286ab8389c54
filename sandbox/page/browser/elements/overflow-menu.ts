import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from '../icon.ts';
import { safeLink } from '../mrkdwn/safe-link.ts';
import { type Json, recordsAt, textAt } from '../read-json.ts';
import { ElementConfirm } from './element-confirm.ts';
import { optionText } from './options.ts';
import { useDismiss } from './use-dismiss.ts';
import { type ElementProps, useElement } from './use-element.ts';

/** Three dots with a small menu. */
export function OverflowMenu(props: ElementProps): VNode {
  const { element } = props;
  const held = useElement(props);
  const [isOpen, setOpen] = useState(false);
  const container = useDismiss<HTMLDivElement>(isOpen, () => setOpen(false));
  const choose = (option: Json) => {
    setOpen(false);
    const url = safeLink(textAt(option, 'url'));
    if (url !== null) window.open(url, '_blank', 'noopener,noreferrer');
    held.press({ type: 'overflow', selected_option: option });
  };
  return html`<div class="overflow" ref=${container}>
    <button
      type="button"
      class="button button-plain button-square"
      aria-label="More actions"
      aria-haspopup="menu"
      aria-expanded=${isOpen}
      disabled=${held.isPending}
      onClick=${() => setOpen(!isOpen)}
    >
      <${Icon} name="more" />
    </button>
    ${
      isOpen &&
      html`<div class="popup popup-menu" role="menu">
      ${recordsAt(element, 'options').map(
        (option) =>
          html`<button type="button" role="menuitem" class="popup-item" onClick=${() => choose(option)}>${optionText(option)}</button>`,
      )}
    </div>`
    }
    <${ElementConfirm} element=${element} held=${held} />
  </div>`;
}

import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { ClientMessage } from '../../../slack/client-contract.ts';
import { useDismiss } from '../elements/use-dismiss.ts';
import { Icon } from '../icon.ts';
import { useClient } from '../state/client.ts';

/** What can be done with a message: a reply, a pin, and what apps put into its menu. */
export function MessageTools({ message, inThread }: { message: ClientMessage; inThread: boolean }): VNode {
  const { go } = useClient();
  const [isOpen, setOpen] = useState(false);
  const container = useDismiss<HTMLDivElement>(isOpen, () => setOpen(false));
  return html`<div class="message-tools" data-open=${isOpen} ref=${container}>
    ${
      !inThread &&
      html`<button type="button" class="icon-button" aria-label="Reply in thread" title="Reply in thread" onClick=${() => go({ thread: message.ts })}>
      <${Icon} name="reply" />
    </button>`
    }
    <button
      type="button"
      class="icon-button"
      aria-label="More actions"
      title="More actions"
      aria-haspopup="menu"
      aria-expanded=${isOpen}
      onClick=${() => setOpen(!isOpen)}
    >
      <${Icon} name="more" />
    </button>
    ${isOpen && html`<${ActionMenu} message=${message} onDone=${() => setOpen(false)} />`}
  </div>`;
}

function ActionMenu({ message, onDone }: { message: ClientMessage; onDone: () => void }): VNode {
  const { snapshot, act } = useClient();
  const { channel, ts } = message;
  const choose = (body: Parameters<typeof act>[0]) => {
    onDone();
    void act(body);
  };
  return html`<div class="popup popup-menu" role="menu">
    ${
      message.pinnedBy === undefined &&
      html`<button type="button" role="menuitem" class="popup-item" onClick=${() => choose({ kind: 'pin', message: { channel, ts } })}>Pin to channel</button>`
    }
    ${snapshot.shortcuts.map(
      ({ callbackId, name }) =>
        html`<button type="button" role="menuitem" class="popup-item" key=${callbackId} onClick=${() => choose({ kind: 'shortcut', callbackId, message: { channel, ts } })}>${name} <span class="popup-app">${snapshot.bot.name}</span></button>`,
    )}
  </div>`;
}

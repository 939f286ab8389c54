import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { Icon, type IconName } from '../icon.ts';
import { MailboxTab } from './mailbox-tab.ts';
import { StripeTab } from './stripe-tab.ts';
import { WireTab } from './wire-tab.ts';

const tabs = {
  stripe: { name: 'Stripe', icon: 'card', Content: StripeTab },
  mailbox: { name: 'Mailbox', icon: 'mail', Content: MailboxTab },
  wire: { name: 'Wire', icon: 'wire', Content: WireTab },
} as const satisfies Record<string, { name: string; icon: IconName; Content: () => VNode }>;

export type PanelTab = keyof typeof tabs;

type Props = { tab: PanelTab; onTab: (tab: PanelTab) => void; onClose: () => void };

/** Behind the scenes: the other services of the sandbox. */
export function Panel({ tab, onTab, onClose }: Props): VNode {
  const { name, Content } = tabs[tab];
  const keys: PanelTab[] = ['stripe', 'mailbox', 'wire'];
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = step === undefined ? undefined : keys.at((keys.indexOf(tab) + step) % keys.length);
    if (next !== undefined) onTab(next);
  };
  return html`<aside class="panel" aria-label="Behind the scenes">
    <header class="side-head">
      <div class="tabs" role="tablist" aria-label="Behind the scenes" onKeyDown=${onKeyDown}>
        ${keys.map(
          (key) => html`<button
            type="button"
            role="tab"
            id=${`tab-${key}`}
            class="tab"
            aria-selected=${key === tab}
            aria-controls="panel-content"
            tabindex=${key === tab ? 0 : -1}
            onClick=${() => onTab(key)}
          ><${Icon} name=${tabs[key].icon} />${tabs[key].name}</button>`,
        )}
      </div>
      <button type="button" class="icon-button" aria-label="Close panel" onClick=${onClose}><${Icon} name="close" /></button>
    </header>
    <div class="panel-content" id="panel-content" role="tabpanel" aria-label=${name} tabindex="0">
      <${Content} />
    </div>
  </aside>`;
}

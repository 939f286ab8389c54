import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { Conversation } from '../conversation/conversation.ts';
import { ThreadPanel } from '../conversation/thread-panel.ts';
import { HomeView } from '../home/home-view.ts';
import { Panel } from '../panel/panel.ts';
import { Rail } from '../rail/rail.ts';
import { channelAt, useClient } from '../state/client.ts';
import { PlaceHead } from './place-head.ts';
import { usePanel } from './use-panel.ts';

type Props = { isOnline: boolean; isRailOpen: boolean; onRail: (isOpen: boolean) => void };

/** Rail, conversation, and at the right a thread or what goes on behind the scenes. */
export function Layout({ isOnline, isRailOpen, onRail }: Props): VNode {
  const { snapshot, place } = useClient();
  const panel = usePanel();
  const channel = channelAt(snapshot, place.spot);
  const isHome = place.spot === 'app-home';
  const closeRail = () => onRail(false);
  const hasThread = channel !== undefined && place.thread !== null;
  return html`<div class="app" data-rail=${isRailOpen} data-panel=${panel.isOpen} data-thread=${hasThread}>
    <div class="rail-frame" onClick=${closeRailAfterChoice(closeRail)}><${Rail} isOnline=${isOnline} onClose=${closeRail} /></div>
    <div class="rail-veil" onClick=${closeRail}></div>
    <main class="conversation">
      <${PlaceHead} channel=${channel} panel=${panel} onMenu=${() => onRail(true)} />
      ${isHome && html`<${HomeView} />`}
      ${!isHome && channel && html`<${Conversation} channel=${channel} />`}
      ${!isHome && !channel && html`<div class="empty"><p>${missingPlace(snapshot.as.realName)}</p></div>`}
    </main>
    ${hasThread && html`<${ThreadPanel} channel=${channel} root=${place.thread} />`}
    ${panel.isOpen && html`<${Panel} tab=${panel.tab} onTab=${panel.setTab} onClose=${panel.close} />`}
  </div>`;
}

function missingPlace(name: string): string {
  return `${name} does not see this conversation. Choose another at the left.`;
}

/** On a phone the rail lies over the page; going somewhere closes it, choosing a person does not. */
function closeRailAfterChoice(close: () => void) {
  return (event: Event) => {
    if (event.target instanceof Element && event.target.closest('.rail-link')) close();
  };
}

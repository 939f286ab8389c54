import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { ClientChannel } from '../../../slack/client-contract.ts';
import { Avatar, LucyMark } from '../avatar.ts';
import { Icon } from '../icon.ts';
import { UnreadMark } from '../rail/unread-mark.ts';
import { nameOf, useClient } from '../state/client.ts';
import { unreadIn } from '../state/read-marks.ts';
import type { PanelState } from './use-panel.ts';

type Props = { channel: ClientChannel | undefined; panel: PanelState; onMenu: () => void };

/** Where one is, and the switches of the page's two sides. */
export function PlaceHead({ channel, panel, onMenu }: Props): VNode {
  const { place } = useClient();
  const isApp = place.spot === 'app-home' || place.spot === 'app-messages';
  const toggle = panel.isOpen ? panel.close : panel.open;
  return html`<header class="place-head">
    <button type="button" class="icon-button menu-button" aria-label="Open menu" onClick=${onMenu}><${Icon} name="menu" /></button>
    <div class="place-name">${isApp ? html`<${AppTitle} />` : html`<${ChannelTitle} channel=${channel} />`}</div>
    <button type="button" class="panel-button" aria-label="Behind the scenes" aria-pressed=${panel.isOpen} onClick=${toggle}><${Icon} name="panel" /><span>Behind the scenes</span></button>
  </header>`;
}

function ChannelTitle({ channel }: { channel: ClientChannel | undefined }): VNode | null {
  const { snapshot } = useClient();
  if (channel === undefined) return null;
  if (channel.kind === 'dm') {
    return html`<h2><${Avatar} user=${channel.withUser} size="small" />${nameOf(snapshot, channel.withUser ?? '')}</h2>`;
  }
  return html`<h2><${Icon} name=${channel.isPrivate ? 'lock' : 'hash'} /><span title=${channel.name}>${channel.name}</span></h2>
    ${channel.topic !== '' && html`<span class="place-note" title=${channel.topic}>${channel.topic}</span>`}
    ${!channel.hasBot && html`<span class="place-note">Lucy is not in this channel</span>`}`;
}

function AppTitle(): VNode {
  const { snapshot, place, go } = useClient();
  const own = snapshot.channels.find((channel) => channel.withUser === snapshot.bot.userId);
  const tab = (spot: string, name: string, read?: ClientChannel) =>
    html`<button type="button" role="tab" class="tab" aria-selected=${place.spot === spot} onClick=${() => go({ spot, thread: null })}>
      ${name}<${UnreadMark} unread=${unreadIn(snapshot, place.spot === spot ? undefined : read)} />
    </button>`;
  return html`<h2><${LucyMark} size="small" />Lucy</h2>
    <div class="tabs" role="tablist" aria-label="Lucy">${tab('app-home', 'Home')}${tab('app-messages', 'Messages', own)}</div>`;
}

import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { ClientChannel } from '../../../slack/client-contract.ts';
import { Avatar, LucyMark } from '../avatar.ts';
import { Icon } from '../icon.ts';
import { personOf, spotOf, useClient } from '../state/client.ts';
import { unreadIn } from '../state/read-marks.ts';
import { PersonSwitcher } from './person-switcher.ts';
import { RailLink } from './rail-link.ts';

/** The left side: the workspace, who one is, and where one can go. */
export function Rail({ isOnline, onClose }: { isOnline: boolean; onClose: () => void }): VNode {
  const { snapshot } = useClient();
  const { bot, channels, team } = snapshot;
  const own = channels.find((channel) => channel.withUser === bot.userId);
  const direct = channels.filter((channel) => channel.kind === 'dm' && channel !== own);
  return html`<nav class="rail" aria-label="Workspace">
    <header class="rail-head">
      <h1>${team.name}</h1>
      <span class="online" data-online=${isOnline}>${isOnline ? 'Live' : 'Reconnecting'}</span>
      <button type="button" class="icon-button rail-close" aria-label="Close menu" onClick=${onClose}><${Icon} name="close" /></button>
    </header>
    <${PersonSwitcher} />
    <div class="rail-lists">
      <h2 class="rail-title">App</h2>
      <${LucyLink} own=${own} />
      <h2 class="rail-title">Channels</h2>
      ${channels
        .filter((channel) => channel.kind === 'channel')
        .map((channel) => html`<${ChannelLink} key=${channel.id} channel=${channel} />`)}
      ${direct.length > 0 && html`<h2 class="rail-title">Direct messages</h2>`}
      ${direct.map((channel) => html`<${ChannelLink} key=${channel.id} channel=${channel} />`)}
    </div>
  </nav>`;
}

/** Leads to Home, or to Lucy's messages while something there is unread. */
function LucyLink({ own }: { own: ClientChannel | undefined }): VNode {
  const { snapshot, place } = useClient();
  const isAtMessages = place.spot === 'app-messages';
  const unread = unreadIn(snapshot, isAtMessages ? undefined : own);
  return html`<${RailLink}
    spot=${unread.isAny ? 'app-messages' : 'app-home'}
    isHere=${isAtMessages || place.spot === 'app-home'}
    unread=${unread}
    mark=${html`<${LucyMark} size="small" />`}
  >Lucy<//>`;
}

function ChannelLink({ channel }: { channel: ClientChannel }): VNode {
  const { snapshot, place } = useClient();
  const spot = spotOf(snapshot, channel);
  const isHere = place.spot === spot;
  const isDirect = channel.kind === 'dm';
  const other = personOf(snapshot, channel.withUser ?? '');
  return html`<${RailLink}
    spot=${spot}
    isHere=${isHere}
    unread=${unreadIn(snapshot, isHere ? undefined : channel)}
    mark=${isDirect ? html`<${Avatar} user=${channel.withUser} size="small" />` : html`<${Icon} name=${channel.isPrivate ? 'lock' : 'hash'} />`}
  >${isDirect ? (other?.realName ?? channel.name) : channel.name}<//>`;
}

import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { Avatar, LucyMark } from '../avatar.ts';
import { Icon } from '../icon.ts';
import { personOf, spotOf, useClient } from '../state/client.ts';
import { isUnread } from '../state/read-marks.ts';
import { PersonSwitcher } from './person-switcher.ts';
import { RailLink } from './rail-link.ts';

/** The left side: the workspace, who one is, and where one can go. */
export function Rail({ isOnline, onClose }: { isOnline: boolean; onClose: () => void }): VNode {
  const { snapshot } = useClient();
  const { as, bot, channels, team } = snapshot;
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
      <${RailLink} spot="app-home" also="app-messages" isUnread=${own !== undefined && isUnread(as.id, own)} mark=${html`<${LucyMark} size="small" />`}>Lucy<//>
      <h2 class="rail-title">Channels</h2>
      ${channels
        .filter((channel) => channel.kind === 'channel')
        .map(
          (channel) =>
            html`<${RailLink} key=${channel.id} spot=${channel.name} isUnread=${isUnread(as.id, channel)} mark=${html`<${Icon} name="hash" />`}>${channel.name}<//>`,
        )}
      ${direct.length > 0 && html`<h2 class="rail-title">Direct messages</h2>`}
      ${direct.map((channel) => {
        const other = personOf(snapshot, channel.withUser ?? '');
        const mark = html`<${Avatar} user=${channel.withUser} size="small" />`;
        return html`<${RailLink} key=${channel.id} spot=${spotOf(snapshot, channel)} isUnread=${isUnread(as.id, channel)} mark=${mark}>${other?.realName ?? channel.name}<//>`;
      })}
    </div>
  </nav>`;
}

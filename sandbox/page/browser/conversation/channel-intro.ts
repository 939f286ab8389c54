import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { ClientChannel } from '../../../slack/client-contract.ts';
import { Avatar } from '../avatar.ts';
import { nameOf, useClient } from '../state/client.ts';
import { guideOf } from './channel-guide.ts';

type Props = { channel: ClientChannel; onTry: (line: string) => void };

/** The beginning of a channel: what it is for, and lines to try with one click. */
export function ChannelIntro({ channel, onTry }: Props): VNode {
  const { snapshot, lucyCommands } = useClient();
  const usages = lucyCommands.map((command) => command.usage);
  const isLucy = channel.withUser === snapshot.bot.userId;
  const guide = guideOf(channel.kind === 'channel' ? channel.name : '', usages);
  const title = channel.kind === 'channel' ? `#${channel.name}` : nameOf(snapshot, channel.withUser ?? '');
  const purpose = isLucy
    ? 'Lucy writes here what is only for you: decisions on your requests, receipts, reminders.'
    : guide.purpose || `The beginning of your conversation with ${title}.`;
  return html`<section class="intro">
    ${channel.kind === 'dm' && html`<div class="intro-mark"><${Avatar} user=${channel.withUser} size="large" /></div>`}
    <h2>${title}</h2>
    <p>${purpose}</p>
    ${
      guide.tries.length > 0 &&
      html`<div class="intro-tries">
      <span>Try</span>
      ${guide.tries.map((line) => html`<button type="button" class="try" onClick=${() => onTry(line)}>${line}</button>`)}
    </div>`
    }
  </section>`;
}

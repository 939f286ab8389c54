import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ClientChannel } from '../../../slack/client-contract.ts';
import { Composer } from '../composer/composer.ts';
import { nameOf, useClient } from '../state/client.ts';
import { useDraft } from '../state/drafts.ts';
import { readFile } from '../state/read-file.ts';
import { markRead } from '../state/read-marks.ts';
import { channelMessages } from './arrange-messages.ts';
import { ChannelIntro } from './channel-intro.ts';
import { MessageList } from './message-list.ts';

/** A channel or direct message: its messages and the field to write in. */
export function Conversation({ channel }: { channel: ClientChannel }): VNode {
  const { snapshot, act } = useClient();
  const draftKey = `${snapshot.as.id}:${channel.id}`;
  const [draft, write] = useDraft(draftKey);
  const isChannel = channel.kind === 'channel';
  const name = isChannel ? `#${channel.name}` : nameOf(snapshot, channel.withUser ?? '');
  useEffect(() => markRead(snapshot.as.id, channel), [snapshot.as.id, channel.id, channel.latestTs]);

  const tryLine = (line: string) => {
    write(line);
    document.querySelector<HTMLElement>('.conversation textarea')?.focus();
  };
  return html`
    <${MessageList}
      key=${draftKey}
      scrollKey=${draftKey}
      label=${`Messages in ${name}`}
      messages=${channelMessages(snapshot.messages, channel.id)}
      inThread=${false}
    >
      <${ChannelIntro} channel=${channel} onTry=${tryLine} />
    <//>
    <${Composer}
      key=${`composer-${draftKey}`}
      label=${`Message ${name}`}
      draft=${draft}
      onWrite=${write}
      completes=${true}
      onSend=${(text: string) => act({ kind: 'say', channel: channel.id, text })}
      onAttach=${async (file: File) => act({ kind: 'share-file', channel: channel.id, ...(await readFile(file)) })}
    />
  `;
}

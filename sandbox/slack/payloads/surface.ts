import type { Json } from '../json.ts';
import type { Channel } from '../world/channel.ts';
import type { Message } from '../world/message.ts';
import type { ShownView } from '../world/view.ts';
import { channelName } from './common.ts';
import { messagePayload } from './message-payload.ts';
import { viewPayload } from './view-payload.ts';

/** Where an element stands that someone used. */
export type SurfaceAt =
  | { on: 'message'; message: Message; channel: Channel }
  | { on: 'view'; shown: ShownView };

/** `container`, and the message or the view. An ephemeral message is not sent along (slack-facts section 5). */
export function surfaceFields(at: SurfaceAt): Json {
  if (at.on === 'view') {
    return { container: { type: 'view', view_id: at.shown.view.id }, view: viewPayload(at.shown) };
  }
  const { message, channel } = at;
  const isEphemeral = message.visibleTo !== null;
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
      channel_id: channel.id,
      is_ephemeral: isEphemeral,
    },
    channel: { id: channel.id, name: channelName(channel) },
    ...(isEphemeral ? {} : { message: messagePayload(message) }),
  };
}

export const blocksOf = (at: SurfaceAt): Json[] =>
  at.on === 'view' ? at.shown.view.blocks : (at.message.blocks ?? []);

import { bot } from '#sandbox/cast.ts';
import type { SlackContext } from '../context.ts';
import { messagePayload } from '../payloads/message-payload.ts';
import type { Channel } from '../world/channel.ts';
import type { Message } from '../world/message.ts';
import { permalinkOf } from '../world/permalink.ts';
import type { Person } from '../world/person.ts';
import { type Ack, ackOf, nothingSent, plainFailure } from './ack.ts';
import { findSurface, NotThere } from './find-surface.ts';
import { sendEvent } from './send-event.ts';

/** Someone pins a message to its channel. */
export async function pin(
  context: SlackContext,
  person: Person,
  where: { channel: string; ts: string },
): Promise<Ack> {
  const at = findSurface(context, person, { message: where });
  if (at.on !== 'message' || at.message.visibleTo !== null)
    throw new NotThere('Only messages that everybody sees can be pinned.');
  if (at.message.pinnedBy !== undefined) throw new NotThere('This message is pinned already.');
  return pinMessage(context, person.id, at.channel, at.message);
}

/** https://docs.slack.dev/reference/events/pin_added: to the members of the channel. */
export async function pinMessage(
  context: SlackContext,
  user: string,
  channel: Channel,
  message: Message,
): Promise<Ack> {
  const { world } = context;
  message.pinnedBy = user;
  world.changed();
  if (!channel.members.has(bot.userId)) return nothingSent(null);
  const delivery = await sendEvent(context, 'pin_added', {
    type: 'pin_added',
    user,
    channel_id: channel.id,
    item: {
      type: 'message',
      channel: channel.id,
      message: { ...messagePayload(message), pinned_to: [channel.id], permalink: permalinkOf(message) },
      created: world.sequence.seconds(),
      created_by: user,
    },
    item_user: message.user,
    pin_count: '1',
    pinned_info: { channel: channel.id, pinned_by: user, pinned_ts: world.sequence.seconds() },
    event_ts: world.sequence.ts(),
  });
  return delivery ? ackOf(delivery, plainFailure(delivery.response)) : nothingSent(null);
}

import type { SlackContext } from '../context.ts';
import type { Outgoing } from '../to-lucy/delivery.ts';
import type { Channel } from '../world/channel.ts';
import type { Message } from '../world/message.ts';
import type { Person } from '../world/person.ts';
import { makeResponseUrl } from '../world/response-urls.ts';
import { makeTrigger } from '../world/triggers.ts';
import { channelName, interactiveFields } from './common.ts';
import { interaction } from './interaction.ts';
import { messagePayload } from './message-payload.ts';
import { responseUrl } from './response-url.ts';

/** A global shortcut: no channel, no response_url. */
export function globalShortcut(context: SlackContext, person: Person, callbackId: string): Outgoing {
  return interaction('shortcut', callbackId, {
    type: 'shortcut',
    ...interactiveFields(person),
    callback_id: callbackId,
    trigger_id: makeTrigger(context.world, person.id, null),
    action_ts: context.world.sequence.ts(),
  });
}

/** A shortcut from a message's menu. */
export function messageShortcut(
  context: SlackContext,
  person: Person,
  channel: Channel,
  message: Message,
  callbackId: string,
): Outgoing {
  const tail = makeResponseUrl(context.world, { user: person.id, channel: channel.id, original: null });
  return interaction('message_action', callbackId, {
    type: 'message_action',
    ...interactiveFields(person),
    callback_id: callbackId,
    trigger_id: makeTrigger(context.world, person.id, null),
    action_ts: context.world.sequence.ts(),
    response_url: responseUrl(context, 'app', tail),
    channel: { id: channel.id, name: channelName(channel) },
    message_ts: message.ts,
    message: messagePayload(message),
  });
}

import type { SlackContext } from '../context.ts';
import { globalShortcut, messageShortcut } from '../payloads/shortcuts.ts';
import type { Person } from '../world/person.ts';
import { type Ack, ackOf, plainFailure } from './ack.ts';
import { findSurface, NotThere } from './find-surface.ts';

/** Someone uses one of Lucy's shortcuts, from the menu of a message or from anywhere. */
export async function useShortcut(
  context: SlackContext,
  person: Person,
  callbackId: string,
  message?: { channel: string; ts: string },
): Promise<Ack> {
  if (!message) {
    const delivery = await context.courier.deliver(globalShortcut(context, person, callbackId));
    return ackOf(delivery, plainFailure(delivery.response));
  }
  const at = findSurface(context, person, { message });
  if (at.on !== 'message') throw new NotThere('This message is no longer there.');
  const delivery = await context.courier.deliver(
    messageShortcut(context, person, at.channel, at.message, callbackId),
  );
  return ackOf(delivery, plainFailure(delivery.response));
}

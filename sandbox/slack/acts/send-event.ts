import type { SlackContext } from '../context.ts';
import type { Json } from '../json.ts';
import { eventCallback } from '../payloads/event.ts';
import type { Delivery } from '../to-lucy/delivery.ts';

/** Sends an event if the app subscribed to it. `name` is the manifest's, such as 'message.im'. */
export async function sendEvent(context: SlackContext, name: string, event: Json): Promise<Delivery | null> {
  if (!context.settings.subscriptions.has(name)) return null;
  return context.events.send(eventCallback(context.world, event));
}

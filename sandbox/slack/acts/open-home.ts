import { bot } from '#sandbox/cast.ts';
import type { SlackContext } from '../context.ts';
import type { Json } from '../json.ts';
import { viewPayload } from '../payloads/view-payload.ts';
import { openDm } from '../world/create-world.ts';
import type { Person } from '../world/person.ts';
import { type Ack, ackOf, nothingSent, plainFailure } from './ack.ts';
import { sendEvent } from './send-event.ts';

/**
 * Someone opens Lucy's Home or Messages tab: `app_home_opened` fires for both. `view` is absent until something was
 * published (slack-facts section 8, App Home).
 */
export async function openHome(
  context: SlackContext,
  person: Person,
  tab: 'home' | 'messages',
): Promise<Ack> {
  const home = context.world.homes.get(person.id);
  const event: Json = {
    type: 'app_home_opened',
    user: person.id,
    channel: openDm(context.world, bot.userId, person.id),
    tab,
    ...(home && tab === 'home' ? { view: viewPayload(home) } : {}),
    event_ts: context.world.sequence.ts(),
  };
  const delivery = await sendEvent(context, 'app_home_opened', event);
  return delivery ? ackOf(delivery, plainFailure(delivery.response)) : nothingSent(null);
}

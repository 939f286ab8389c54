import type { ActWhere } from '../client-contract.ts';
import type { SlackContext } from '../context.ts';
import type { SurfaceAt } from '../payloads/surface.ts';
import { visibleMessages } from '../world/messages.ts';
import type { Person } from '../world/person.ts';
import type { FormValues } from '../world/view.ts';

/** A sentence for the person: what they meant is not there, or no longer. */
export class NotThere extends Error {
  override name = 'NotThere';
}

/** The message or view that someone looks at. Throws `NotThere` when this person cannot see it. */
export function findSurface(context: SlackContext, person: Person, where: ActWhere): SurfaceAt {
  const { world } = context;
  if ('home' in where) {
    const shown = world.homes.get(person.id);
    if (!shown) throw new NotThere('Lucy has not published a home for this person.');
    return { on: 'view', shown };
  }
  if ('viewId' in where) {
    const shown = world.modals.get(person.id)?.find((one) => one.view.id === where.viewId);
    if (!shown) throw new NotThere('This window is no longer open.');
    return { on: 'view', shown };
  }
  const channel = world.channels.get(where.message.channel);
  const message = visibleMessages(world, where.message.channel, person.id).find(
    (one) => one.ts === where.message.ts,
  );
  if (!channel || !message) throw new NotThere('This message is no longer there.');
  return { on: 'message', message, channel };
}

/** What this person has chosen on a surface so far; writing to it is remembered. */
export function valuesOf(context: SlackContext, person: Person, at: SurfaceAt): FormValues {
  if (at.on === 'view') return at.shown.values;
  const key = `${person.id}:${at.channel.id}:${at.message.ts}`;
  const values = context.world.messageValues.get(key) ?? {};
  context.world.messageValues.set(key, values);
  return values;
}

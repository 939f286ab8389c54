import type { Channel } from '../world/channel.ts';
import { findChannel } from '../world/find.ts';
import type { Person } from '../world/person.ts';
import type { ShownView } from '../world/view.ts';
import type { World } from '../world/world.ts';

/** A channel that this person is in, by name or id. */
export function ownChannel(world: World, person: Person, name: string): Channel {
  const channel = findChannel(world, name);
  if (!channel) throw new Error(`There is no channel ${name}.`);
  if (!channel.members.has(person.id)) throw new Error(`${person.realName} is not in ${name}.`);
  return channel;
}

/** The modal on top of this person's screen. */
export function ownModal(world: World, person: Person): ShownView {
  const top = world.modals.get(person.id)?.at(-1);
  if (!top) throw new Error(`${person.realName} has no modal open.`);
  return top;
}

import { bot } from '#sandbox/cast.ts';
import type { Channel } from './channel.ts';
import { openDm } from './create-world.ts';
import type { Group } from './group.ts';
import type { Person } from './person.ts';
import type { World } from './world.ts';

/** A channel by id, or by name with or without '#', as chat.postMessage takes it. */
export function findChannel(world: World, idOrName: string): Channel | undefined {
  const byId = world.channels.get(idOrName);
  if (byId) return byId;
  const name = idOrName.replace(/^#/, '');
  return [...world.channels.values()].find((channel) => channel.kind === 'channel' && channel.name === name);
}

/** As `findChannel`, and a user id opens that person's DM with Lucy (slack-facts section 8, chat.postMessage). */
export function findConversation(world: World, idOrName: string): Channel | undefined {
  const channel = findChannel(world, idOrName);
  if (channel) return channel;
  return world.people.has(idOrName) ? world.channels.get(openDm(world, bot.userId, idOrName)) : undefined;
}

/** A person by id or handle, for the sandbox's own callers. */
export function findPerson(world: World, idOrHandle: string): Person | undefined {
  const handle = idOrHandle.replace(/^@/, '');
  return (
    world.people.get(idOrHandle) ?? [...world.people.values()].find((person) => person.handle === handle)
  );
}

export function findGroup(world: World, idOrHandle: string): Group | undefined {
  const handle = idOrHandle.replace(/^@/, '');
  return world.groups.get(idOrHandle) ?? [...world.groups.values()].find((group) => group.handle === handle);
}

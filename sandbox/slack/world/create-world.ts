import { bot, channels, people, userGroups, workspace } from '#sandbox/cast.ts';
import { dmId } from './channel.ts';
import { personFromCast } from './person.ts';
import { createSequence } from './sequence.ts';
import type { Shortcut, SlashCommand, World } from './world.ts';

type Options = {
  now: () => number;
  seed: string;
  commands: readonly SlashCommand[];
  shortcuts: readonly Shortcut[];
  changed: () => void;
};

/** Channels that Gus, a multi-channel guest, was invited to. */
const guestChannels = ['general', 'support'];

/** The workspace of `cast.ts`, with a DM between Lucy and everyone, and between every two people. */
export function createWorld(options: Options): World {
  const world: World = {
    now: options.now,
    sequence: createSequence(options.now, options.seed),
    commands: options.commands,
    shortcuts: options.shortcuts,
    people: new Map(),
    channels: new Map(),
    groups: new Map(),
    messages: new Map(),
    files: new Map(),
    modals: new Map(),
    homes: new Map(),
    triggers: new Map(),
    responseUrls: new Map(),
    editWindowMs: null,
    messageValues: new Map(),
    changed: options.changed,
  };
  for (const cast of Object.values(people)) world.people.set(cast.id, personFromCast(cast, workspace.teamId));
  for (const channel of channels) addCastChannel(world, channel);
  for (const group of userGroups) {
    world.groups.set(group.id, {
      ...group,
      members: [...group.members],
      isDisabled: false,
      updatedAt: world.now(),
    });
  }
  const ends = [bot.userId, ...world.people.keys()];
  ends.forEach((one, index) => {
    for (const other of ends.slice(index + 1)) openDm(world, one, other);
  });
  return world;
}

function addCastChannel(world: World, cast: { id: string; name: string; hasBot: boolean }): void {
  const members = [...world.people.values()]
    .filter((person) => !person.isGuest || guestChannels.includes(cast.name))
    .map((person) => person.id);
  world.channels.set(cast.id, {
    id: cast.id,
    name: cast.name,
    kind: 'channel',
    isPrivate: false,
    isArchived: false,
    members: new Set(cast.hasBot ? [...members, bot.userId] : members),
    createdAt: world.sequence.seconds(),
  });
}

/** The DM between two, made when it is missing. Answers with its id. */
export function openDm(world: World, one: string, other: string): string {
  const id = dmId(one, other, bot.userId);
  if (!world.channels.has(id)) {
    world.channels.set(id, {
      id,
      name: id,
      kind: 'dm',
      isPrivate: true,
      isArchived: false,
      members: new Set([one, other]),
      createdAt: world.sequence.seconds(),
    });
  }
  return id;
}

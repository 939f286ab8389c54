import { bot, workspace } from '#sandbox/cast.ts';
import type { ClientChannel, ClientPerson, ClientSnapshot } from '../client-contract.ts';
import { clientMessage, clientModal, countReplies } from '../person/seen.ts';
import type { Channel } from '../world/channel.ts';
import { visibleMessages } from '../world/messages.ts';
import type { Person } from '../world/person.ts';
import type { World } from '../world/world.ts';

/** Everything that one person sees, in the page's words. */
export function snapshotFor(world: World, person: Person): ClientSnapshot {
  // What is archived leaves the sidebar.
  const channels = [...world.channels.values()].filter(
    (channel) => channel.members.has(person.id) && !channel.isArchived,
  );
  const stack = world.modals.get(person.id) ?? [];
  const top = stack.at(-1);
  const home = world.homes.get(person.id);
  return {
    as: clientPerson(person),
    people: [...world.people.values()].map(clientPerson),
    groups: [...world.groups.values()].map(({ id, handle, name, members }) => ({
      id,
      handle,
      name,
      isMine: members.includes(person.id),
    })),
    bot: { userId: bot.userId, name: bot.name },
    team: { id: workspace.teamId, name: workspace.teamName },
    channels: channels.map((channel) => clientChannel(world, channel, person)),
    others: [...world.channels.values()]
      .filter((channel) => channel.kind === 'channel' && !channel.isPrivate && !channels.includes(channel))
      .map(({ id, name }) => ({ id, name })),
    messages: channels.flatMap((channel) => {
      const replies = countReplies(world, channel.id);
      return visibleMessages(world, channel.id, person.id).map((message) => ({
        ...clientMessage(world, message, replies),
        isForMe: message.notified.includes(person.id),
      }));
    }),
    modal: top ? clientModal(top, stack.length) : null,
    home: home ? { ...home.view } : null,
    commands: world.commands.map(({ command, description, usageHint }) => ({
      command,
      description,
      usageHint,
    })),
    shortcuts: world.shortcuts.map(({ callbackId, name }) => ({ callbackId, name })),
  };
}

function clientPerson({ id, handle, realName, title, colour, flags }: Person): ClientPerson {
  const isGuest = flags.is_restricted || flags.is_ultra_restricted;
  return { id, handle, realName, title, colour, isGuest };
}

function clientChannel(world: World, channel: Channel, person: Person): ClientChannel {
  const other = [...channel.members].find((id) => id !== person.id);
  return {
    id: channel.id,
    name: channel.name,
    kind: channel.kind,
    hasBot: channel.members.has(bot.userId),
    isPrivate: channel.isPrivate,
    topic: channel.topic ?? '',
    latestTs: visibleMessages(world, channel.id, person.id).at(-1)?.ts ?? null,
    ...(channel.kind === 'dm' && other ? { withUser: other } : {}),
  };
}

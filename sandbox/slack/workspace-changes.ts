import { bot, workspace } from '#sandbox/cast.ts';
import { sendEvent } from './acts/send-event.ts';
import type { SlackContext } from './context.ts';
import type { NewPerson } from './local-slack.ts';
import type { Channel } from './world/channel.ts';
import { openDm } from './world/create-world.ts';
import { findChannel, findGroup, findPerson } from './world/find.ts';
import type { Person, UserFlags } from './world/person.ts';

/** Who is in a user group. Tells Lucy with subteam_members_changed: added and removed only. */
export async function setGroupMembers(
  context: SlackContext,
  handle: string,
  members: readonly string[],
): Promise<void> {
  const group = groupOf(context, handle);
  const ids = members.map((member) => personOf(context, member).id);
  const added = ids.filter((id) => !group.members.includes(id));
  const removed = group.members.filter((id) => !ids.includes(id));
  const previous = Math.floor(group.updatedAt / 1000);
  group.members = ids;
  group.updatedAt = context.world.now();
  await sendEvent(context, 'subteam_members_changed', {
    type: 'subteam_members_changed',
    subteam_id: group.id,
    team_id: workspace.teamId,
    date_previous_update: previous,
    date_update: context.world.sequence.seconds(),
    added_users: added,
    added_users_count: added.length,
    removed_users: removed,
    removed_users_count: removed.length,
    event_ts: context.world.sequence.ts(),
  });
}

export function setGroupDisabled(context: SlackContext, handle: string, isDisabled: boolean): void {
  const group = groupOf(context, handle);
  group.isDisabled = isDisabled;
  group.updatedAt = context.world.now();
}

export function setUser(context: SlackContext, idOrHandle: string, patch: Partial<UserFlags>): void {
  Object.assign(personOf(context, idOrHandle).flags, patch);
  context.world.changed();
}

/** By default in no channel but #general. */
export function addPerson(context: SlackContext, added: NewPerson): string {
  const { world } = context;
  const { flags, channels = ['general'], handle, ...rest } = added;
  const teamId = flags?.team_id ?? workspace.teamId;
  const person: Person = {
    id: world.sequence.id('U'),
    handle,
    realName: handle,
    title: '',
    email: `${handle}@lucy.example`,
    colour: '#555555',
    isGuest: false,
    ...rest,
    flags: {
      deleted: false,
      is_restricted: added.isGuest ?? false,
      is_ultra_restricted: false,
      is_bot: false,
      is_stranger: teamId !== workspace.teamId,
      team_id: teamId,
      ...flags,
    },
  };
  world.people.set(person.id, person);
  openDm(world, bot.userId, person.id);
  for (const name of channels) channelOf(context, name).members.add(person.id);
  world.changed();
  return person.id;
}

export function addChannel(
  context: SlackContext,
  added: { name: string; isPrivate?: boolean; hasBot?: boolean },
): string {
  const { world } = context;
  const id = world.sequence.id('C');
  const members = [...world.people.values()].filter((person) => !person.isGuest && !person.flags.is_stranger);
  world.channels.set(id, {
    id,
    name: added.name,
    kind: 'channel',
    isPrivate: added.isPrivate ?? false,
    isArchived: false,
    members: new Set([...members.map((person) => person.id), ...(added.hasBot ? [bot.userId] : [])]),
    createdAt: world.sequence.seconds(),
  });
  world.changed();
  return id;
}

export function setBotMembership(context: SlackContext, name: string, isMember: boolean): void {
  const { members } = channelOf(context, name);
  if (isMember) members.add(bot.userId);
  else members.delete(bot.userId);
  context.world.changed();
}

export function archiveChannel(context: SlackContext, name: string): void {
  channelOf(context, name).isArchived = true;
  context.world.changed();
}

function personOf(context: SlackContext, idOrHandle: string): Person {
  const person = findPerson(context.world, idOrHandle);
  if (!person) throw new Error(`There is nobody called ${idOrHandle} in the sandbox.`);
  return person;
}

function groupOf(context: SlackContext, handle: string) {
  const group = findGroup(context.world, handle);
  if (!group) throw new Error(`There is no user group ${handle} in the sandbox.`);
  return group;
}

function channelOf(context: SlackContext, name: string): Channel {
  const channel = findChannel(context.world, name);
  if (!channel) throw new Error(`There is no channel ${name} in the sandbox.`);
  return channel;
}

import { bot } from '#sandbox/cast.ts';
import type { SlackContext } from '../context.ts';
import { type Json, textAt } from '../json.ts';
import type { Channel } from '../world/channel.ts';
import type { Person } from '../world/person.ts';
import { channelObject } from './channel-object.ts';
import { type Method, type MethodAnswer, missing, ok, refuse } from './method.ts';
import { pageOf } from './page-of.ts';

const isHidden = (channel: Channel): boolean => channel.isPrivate && !channel.members.has(bot.userId);
const isTrue = (value: unknown): boolean => value === true || value === 'true' || value === '1';

/** Public channels are managed with one scope, private ones with another (docs.slack.dev/reference/scopes). */
const scopeOf = (isPrivate: boolean): string => (isPrivate ? 'groups:write' : 'channels:manage');
const scopeOfChannel = (args: Json, context: SlackContext): string =>
  scopeOf(context.world.channels.get(textAt(args, 'channel'))?.isPrivate === true);

/** Lower-case letters, numbers, hyphens and underscores, 80 at most (conversations.create, “Naming”). */
function problemOfName(name: string): string | null {
  if (name === '') return 'invalid_name_required';
  if (name.length > 80) return 'invalid_name_maxlength';
  if (!/[a-z0-9]/.test(name)) return 'invalid_name_punctuation';
  return /[^a-z0-9_-]/.test(name) ? 'invalid_name_specials' : null;
}

/** https://docs.slack.dev/reference/methods/conversations.create */
export const conversationsCreate: Method = {
  scope: (args) => scopeOf(isTrue(args.is_private)),
  answer: (args, { world }) => {
    const name = textAt(args, 'name').replace(/^#/, '');
    const problem = problemOfName(name);
    if (problem !== null) return refuse(problem);
    // Names of private and of archived channels are taken, too.
    if ([...world.channels.values()].some((channel) => channel.kind === 'channel' && channel.name === name))
      return refuse('name_taken');
    const channel: Channel = {
      id: world.sequence.id('C'),
      name,
      kind: 'channel',
      isPrivate: isTrue(args.is_private),
      isArchived: false,
      members: new Set([bot.userId]),
      createdAt: world.sequence.seconds(),
      creator: bot.userId,
    };
    world.channels.set(channel.id, channel);
    world.changed();
    return ok({ channel: channelObject(channel) });
  },
};

/** What all methods that manage a channel refuse; the channel otherwise. */
function managed(args: Json, { world }: SlackContext): Channel | MethodAnswer {
  if (textAt(args, 'channel') === '') return missing('channel');
  const channel = world.channels.get(textAt(args, 'channel'));
  if (!channel || isHidden(channel)) return refuse('channel_not_found');
  if (channel.kind === 'dm') return refuse('method_not_supported_for_channel_type');
  return channel;
}

const isAnswer = (given: Channel | MethodAnswer): given is MethodAnswer => 'ok' in given;

/** A channel to which something is done that only its members may do, and only while it is no archive. */
function lived(args: Json, context: SlackContext): Channel | MethodAnswer {
  const channel = managed(args, context);
  if (isAnswer(channel)) return channel;
  if (channel.isArchived) return refuse('is_archived');
  return channel.members.has(bot.userId) ? channel : refuse('not_in_channel');
}

/** https://docs.slack.dev/reference/methods/conversations.invite: one refusal by itself, or each with its user. */
export const conversationsInvite: Method = {
  scope: scopeOfChannel,
  answer: (args, context) => {
    const channel = lived(args, context);
    if (isAnswer(channel)) return channel;
    const users = textAt(args, 'users').split(',').filter(Boolean);
    if (users.length === 0) return refuse('no_user');
    if (users.length > 100) return refuse('too_many_users');
    const errors = users.flatMap((user) => {
      const error = problemOfGuest(context.world.people.get(user), user, channel);
      return error === null ? [] : [{ user, ok: false, error }];
    });
    const [first] = errors;
    const refused = new Set(errors.map(({ user }) => user));
    if (!first || isTrue(args.force))
      for (const user of users) if (!refused.has(user)) channel.members.add(user);
    context.world.changed();
    if (!first) return ok({ channel: channelObject(channel) });
    return { ok: false, fields: { error: first.error, errors } };
  },
};

function problemOfGuest(person: Person | undefined, user: string, channel: Channel): string | null {
  if (user === bot.userId) return 'cant_invite_self';
  if (!person) return 'user_not_found';
  if (channel.members.has(user)) return 'already_in_channel';
  if (person.flags.is_ultra_restricted) return 'ura_max_channels';
  return person.flags.deleted || person.flags.is_stranger ? 'cant_invite' : null;
}

/** https://docs.slack.dev/reference/methods/conversations.setTopic. The line “set the channel topic” is not imitated. */
export const conversationsSetTopic: Method = {
  scope: scopeOfChannel,
  answer: (args, context) => {
    const channel = lived(args, context);
    if (isAnswer(channel)) return channel;
    const topic = textAt(args, 'topic');
    if (Array.from(topic).length > 250) return refuse('too_long');
    channel.topic = topic;
    context.world.changed();
    return ok({ channel: channelObject(channel) });
  },
};

/** https://docs.slack.dev/reference/methods/conversations.archive; who archives is in the channel no more. */
export const conversationsArchive: Method = {
  scope: scopeOfChannel,
  answer: (args, context) => {
    const channel = managed(args, context);
    if (isAnswer(channel)) return channel;
    if (channel.name === 'general') return refuse('cant_archive_general');
    if (channel.isArchived) return refuse('already_archived');
    if (!channel.members.has(bot.userId)) return refuse('not_in_channel');
    channel.isArchived = true;
    channel.members.delete(bot.userId);
    context.world.changed();
    return ok();
  },
};

/**
 * https://docs.slack.dev/reference/methods/conversations.unarchive: “Bot tokens cannot currently be used to unarchive”,
 * which a bot learns as `not_in_channel` (github.com/slack-go/slack/issues/1066).
 */
export const conversationsUnarchive: Method = {
  scope: scopeOfChannel,
  answer: (args, context) => {
    const channel = context.world.channels.get(textAt(args, 'channel'));
    if (!channel) return refuse('channel_not_found');
    if (!channel.isArchived) return refuse('not_archived');
    return refuse('not_in_channel');
  },
};

/** https://docs.slack.dev/reference/methods/users.conversations: the channels that Lucy is in. */
export const usersConversations: Method = {
  scope: (args) => (textAt(args, 'types').includes('private_channel') ? 'groups:read' : 'channels:read'),
  answer: (args, { world }) => {
    const types = (textAt(args, 'types') || 'public_channel').split(',').map((type) => type.trim());
    const listed = [...world.channels.values()].filter(
      (channel) =>
        channel.kind === 'channel' &&
        channel.members.has(bot.userId) &&
        types.includes(channel.isPrivate ? 'private_channel' : 'public_channel') &&
        !(isTrue(args.exclude_archived) && channel.isArchived),
    );
    const { items, metadata } = pageOf(listed, args);
    return ok({ channels: items.map(channelObject), response_metadata: metadata });
  },
};

import { bot } from '#sandbox/cast.ts';
import { textAt } from '../json.ts';
import type { Channel } from '../world/channel.ts';
import { openDm } from '../world/create-world.ts';
import { channelObject } from './channel-object.ts';
import { type Method, missing, ok, refuse } from './method.ts';
import { pageOf } from './page-of.ts';

const isHidden = (channel: Channel): boolean => channel.isPrivate && !channel.members.has(bot.userId);

/** https://docs.slack.dev/reference/methods/conversations.list: public channels unless `types` says otherwise. */
export const conversationsList: Method = {
  scope: 'channels:read',
  answer: (args, context) => {
    const types = (textAt(args, 'types') || 'public_channel').split(',').map((type) => type.trim());
    const typeOf = (channel: Channel) => {
      if (channel.kind === 'dm') return 'im';
      return channel.isPrivate ? 'private_channel' : 'public_channel';
    };
    const listed = [...context.world.channels.values()].filter(
      (channel) => types.includes(typeOf(channel)) && !isHidden(channel),
    );
    const { items, metadata } = pageOf(listed, args);
    return ok({ channels: items.map(channelObject), response_metadata: metadata });
  },
};

/** https://docs.slack.dev/reference/methods/conversations.info */
export const conversationsInfo: Method = {
  scope: 'channels:read',
  answer: (args, context) => {
    if (textAt(args, 'channel') === '') return missing('channel');
    const channel = context.world.channels.get(textAt(args, 'channel'));
    return channel && !isHidden(channel)
      ? ok({ channel: channelObject(channel) })
      : refuse('channel_not_found');
  },
};

/** https://docs.slack.dev/reference/methods/conversations.members */
export const conversationsMembers: Method = {
  scope: 'channels:read',
  answer: (args, context) => {
    if (textAt(args, 'channel') === '') return missing('channel');
    const channel = context.world.channels.get(textAt(args, 'channel'));
    if (!channel || isHidden(channel)) return refuse('channel_not_found');
    const { items, metadata } = pageOf([...channel.members], args);
    return ok({ members: items, response_metadata: metadata });
  },
};

/** https://docs.slack.dev/reference/methods/conversations.open: a DM with one person. */
export const conversationsOpen: Method = {
  scope: 'im:write',
  answer: (args, context) => {
    const { world } = context;
    const users = textAt(args, 'users').split(',').filter(Boolean);
    const [user] = users;
    if (user === undefined) return refuse('users_list_not_supplied');
    if (users.length > 1) return refuse('not_imitated_by_the_sandbox');
    const person = world.people.get(user);
    if (!person) return refuse('user_not_found');
    if (person.flags.deleted) return refuse('user_disabled');
    const id = openDm(world, bot.userId, user);
    const channel = world.channels.get(id);
    return ok({ channel: args.return_im && channel ? channelObject(channel) : { id } });
  },
};

/** https://docs.slack.dev/reference/methods/conversations.join: public channels only. */
export const conversationsJoin: Method = {
  scope: 'channels:join',
  answer: (args, context) => {
    if (textAt(args, 'channel') === '') return missing('channel');
    const channel = context.world.channels.get(textAt(args, 'channel'));
    if (!channel || isHidden(channel)) return refuse('channel_not_found');
    if (channel.kind === 'dm') return refuse('method_not_supported_for_channel_type');
    if (channel.isArchived) return refuse('is_archived');
    const wasMember = channel.members.has(bot.userId);
    channel.members.add(bot.userId);
    context.world.changed();
    return ok({ channel: channelObject(channel), ...(wasMember ? { warning: 'already_in_channel' } : {}) });
  },
};

import { bot, workspace } from '#sandbox/cast.ts';
import type { Json } from '../json.ts';
import type { Channel } from '../world/channel.ts';

/** A conversation as the conversations methods answer it. */
export function channelObject(channel: Channel): Json {
  const common = { id: channel.id, created: channel.createdAt, is_archived: channel.isArchived };
  if (channel.kind === 'dm') {
    const user = [...channel.members].find((id) => id !== bot.userId);
    return { ...common, is_im: true, is_org_shared: false, user, is_user_deleted: false, priority: 0 };
  }
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: true,
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: channel.isPrivate,
    is_general: channel.name === 'general',
    is_member: channel.members.has(bot.userId),
    is_shared: false,
    is_ext_shared: false,
    is_org_shared: false,
    is_pending_ext_shared: false,
    pending_shared: [],
    previous_names: [],
    context_team_id: workspace.teamId,
    creator: channel.creator ?? 'U0ADA00001',
    unlinked: 0,
    num_members: channel.members.size,
    topic: { value: channel.topic ?? '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
  };
}

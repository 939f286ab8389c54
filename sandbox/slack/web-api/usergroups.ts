import { workspace } from '#sandbox/cast.ts';
import { type Json, textAt } from '../json.ts';
import type { Group } from '../world/group.ts';
import { type Method, missing, ok, refuse } from './method.ts';

const isTrue = (value: unknown): boolean => value === true || value === 'true' || value === '1';

/** https://docs.slack.dev/reference/methods/usergroups.list (slack-facts section 8, usergroups) */
export const usergroupsList: Method = {
  scope: 'usergroups:read',
  answer: (args, context) => {
    const groups = [...context.world.groups.values()];
    const listed = isTrue(args.include_disabled) ? groups : groups.filter((group) => !group.isDisabled);
    return ok({ usergroups: listed.map((group) => groupObject(group, isTrue(args.include_users))) });
  },
};

/** https://docs.slack.dev/reference/methods/usergroups.users.list */
export const usergroupsUsersList: Method = {
  scope: 'usergroups:read',
  answer: (args, context) => {
    if (textAt(args, 'usergroup') === '') return missing('usergroup');
    const group = context.world.groups.get(textAt(args, 'usergroup'));
    if (!group || (group.isDisabled && !isTrue(args.include_disabled))) return refuse('no_such_subteam');
    return ok({ users: [...group.members] });
  },
};

function groupObject(group: Group, hasUsers: boolean): Json {
  const updated = Math.floor(group.updatedAt / 1000);
  return {
    id: group.id,
    team_id: workspace.teamId,
    is_usergroup: true,
    is_subteam: true,
    name: group.name,
    description: '',
    handle: group.handle,
    is_external: false,
    date_create: 1_700_000_000,
    date_update: updated,
    date_delete: group.isDisabled ? updated : 0,
    auto_type: null,
    created_by: 'U0ADA00001',
    updated_by: 'U0ADA00001',
    deleted_by: group.isDisabled ? 'U0ADA00001' : null,
    prefs: { channels: [], groups: [] },
    user_count: group.members.length,
    ...(hasUsers ? { users: [...group.members] } : {}),
  };
}

import { bot, workspace } from '#sandbox/cast.ts';
import { type Json, textAt } from '../json.ts';
import type { Person } from '../world/person.ts';
import { type Method, missing, ok, refuse } from './method.ts';

/** https://docs.slack.dev/reference/methods/users.info */
export const usersInfo: Method = {
  scope: 'users:read',
  answer: (args, context) => {
    if (textAt(args, 'user') === '') return missing('user');
    if (textAt(args, 'user') === bot.userId) return ok({ user: botUser() });
    const person = context.world.people.get(textAt(args, 'user'));
    if (!person) return refuse('user_not_found');
    return ok({ user: userObject(person, context.settings.scopes.has('users:read.email')) });
  },
};

/** https://docs.slack.dev/reference/methods/users.lookupByEmail: deactivated people are not found. */
export const usersLookupByEmail: Method = {
  scope: 'users:read.email',
  answer: (args, context) => {
    const email = textAt(args, 'email').toLowerCase();
    if (email === '') return missing('email');
    const person = [...context.world.people.values()].find(
      (one) =>
        one.email.toLowerCase() === email && !one.flags.deleted && one.flags.team_id === workspace.teamId,
    );
    return person ? ok({ user: userObject(person, true) }) : refuse('users_not_found');
  },
};

function userObject(person: Person, hasEmail: boolean): Json {
  const { is_stranger: isStranger, ...flags } = person.flags;
  return {
    id: person.id,
    name: person.handle,
    real_name: person.realName,
    color: person.colour.slice(1),
    tz: 'Europe/London',
    tz_label: 'Greenwich Mean Time',
    tz_offset: 0,
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_app_user: false,
    updated: 1_700_000_000,
    ...flags,
    // Slack says it only of people met through Slack Connect.
    ...(isStranger ? { is_stranger: true } : {}),
    profile: {
      title: person.title,
      real_name: person.realName,
      real_name_normalized: person.realName,
      display_name: person.handle,
      display_name_normalized: person.handle,
      team: person.flags.team_id,
      ...(hasEmail && !isStranger ? { email: person.email } : {}),
    },
  };
}

function botUser(): Json {
  return {
    id: bot.userId,
    team_id: workspace.teamId,
    name: bot.name,
    real_name: 'Lucy',
    deleted: false,
    is_bot: true,
    is_app_user: false,
    is_restricted: false,
    is_ultra_restricted: false,
    profile: { bot_id: bot.botId, api_app_id: workspace.appId, real_name: 'Lucy', team: workspace.teamId },
  };
}

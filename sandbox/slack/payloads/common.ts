import { workspace } from '#sandbox/cast.ts';
import type { Json } from '../json.ts';
import type { Channel } from '../world/channel.ts';
import type { Person } from '../world/person.ts';

/** The deprecated verification token. It is in every payload; nothing should read it. */
export const verificationToken = 'sandbox-verification-token';

/** `user` of interactive payloads. `team_id` is the person's own workspace (slack-facts section 5). */
export function userField(person: Person): Json {
  return { id: person.id, username: person.handle, name: person.handle, team_id: person.flags.team_id };
}

/** `team`: for someone met through Slack Connect it is the *other* workspace. */
export function teamField(person: Person): Json {
  const isOurs = person.flags.team_id === workspace.teamId;
  return { id: person.flags.team_id, domain: isOurs ? workspace.domain : 'another-workspace' };
}

/** A channel's name as payloads give it: Slack hides the names of DMs and private channels. */
export function channelName(channel: Channel): string {
  if (channel.kind === 'dm') return 'directmessage';
  return channel.isPrivate ? 'privategroup' : channel.name;
}

/** Fields of every interactive payload. */
export function interactiveFields(person: Person): Json {
  return {
    team: teamField(person),
    user: userField(person),
    api_app_id: workspace.appId,
    token: verificationToken,
    enterprise: null,
    is_enterprise_install: false,
  };
}

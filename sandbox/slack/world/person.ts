import type { CastPerson } from '#sandbox/cast.ts';

/** What Lucy must look at before she trusts a user (slack-facts section 8, users.lookupByEmail). */
export type UserFlags = {
  deleted: boolean;
  is_restricted: boolean;
  is_ultra_restricted: boolean;
  is_bot: boolean;
  /** Someone of another workspace, met in a shared channel. */
  is_stranger: boolean;
  team_id: string;
};

export type Person = CastPerson & { flags: UserFlags };

export function personFromCast(cast: CastPerson, teamId: string): Person {
  return {
    ...cast,
    flags: {
      deleted: false,
      is_restricted: cast.isGuest,
      is_ultra_restricted: false,
      is_bot: false,
      is_stranger: false,
      team_id: teamId,
    },
  };
}

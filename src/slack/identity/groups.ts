import { roles } from '#src/core/actor.ts';
import type { Clock } from '#src/core/clock.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import type { SlackClient } from '../slack-client.ts';

type Membership = ReadonlyMap<string, readonly string[]>;

/**
 * Members of the user groups that the settings name. One call gives all of them
 * (docs.slack.dev/reference/methods/usergroups.list); callers at the same moment share it.
 */
export function createGroups(slack: SlackClient, settings: Settings, clock: Clock) {
  const named = new Set(roles.flatMap((role) => settings.roles[role].groups));
  let remembered: { at: number; members: Promise<Membership> } | null = null;

  async function read(): Promise<Membership> {
    const { usergroups } = await slack.usergroups.list({ include_users: true, include_disabled: false });
    // A disabled group keeps its members and must grant nothing; the list may still name it.
    const enabled = (usergroups ?? []).filter(
      (group) => group.id && named.has(group.id) && !group.date_delete,
    );
    return new Map(enabled.map((group) => [group.id ?? '', group.users ?? []]));
  }

  return {
    /** Ids of the named groups that this member is in. */
    async of(userId: string, isFresh: boolean): Promise<string[]> {
      if (named.size === 0) return [];
      if (isFresh || !remembered || clock.now() - remembered.at >= MINUTE_MS) {
        const asked = { at: clock.now(), members: read() };
        remembered = asked;
        // A failed read is nothing to remember.
        asked.members.catch(() => {
          if (remembered === asked) remembered = null;
        });
      }
      const members = await remembered.members;
      return [...members].filter(([, users]) => users.includes(userId)).map(([id]) => id);
    },
    forget(): void {
      remembered = null;
    },
  };
}

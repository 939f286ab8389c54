import type { Database } from '#db/connection.ts';
import { writeSlackGroups } from '#db/slack-groups.ts';
import { roles } from '#src/core/actor.ts';
import type { Clock } from '#src/core/clock.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import type { Log } from '#src/core/log.ts';
import type { Settings } from '#src/core/settings.ts';
import type { GroupMembers } from '#src/policy/people.ts';
import type { MethodRests } from '../method-rests.ts';
import type { SlackClient } from '../slack-client.ts';

const METHOD = 'usergroups.list';

/**
 * Members of the user groups that the settings name. One call gives all of them
 * (docs.slack.dev/reference/methods/usergroups.list); callers at the same moment share it. What was read is written
 * down for those who cannot ask Slack, as the terminal.
 */
export function createGroups(deps: {
  slack: SlackClient;
  rests: MethodRests;
  database: Database;
  settings: Settings;
  clock: Clock;
  log: Log;
}) {
  const { slack, rests, database, settings, clock, log } = deps;
  const named = new Set(roles.flatMap((role) => settings.roles[role].groups));
  let remembered: { at: number; members: Promise<GroupMembers> } | null = null;
  let written: { at: number; text: string } | null = null;

  async function read(): Promise<GroupMembers> {
    const at = clock.now();
    const { usergroups } = await rests.calling(METHOD, () =>
      slack.usergroups.list({ include_users: true, include_disabled: false }),
    );
    // A disabled group keeps its members and must grant nothing; the list may still name it.
    const enabled = (usergroups ?? []).filter((group) => !group.date_delete);
    const members = new Map(
      [...named].map((id) => [id, enabled.find((group) => group.id === id)?.users ?? []] as const),
    );
    void writeDown(members, at);
    return members;
  }

  /** A change at once, and the same again once a minute. Whoever waits for an answer does not wait for this. */
  async function writeDown(members: GroupMembers, at: number): Promise<void> {
    const groups = [...members].sort().map(([groupId, ids]) => ({ groupId, members: ids, readAt: at }));
    const text = JSON.stringify([...members].sort());
    if (written && written.text === text && at - written.at < MINUTE_MS) return;
    const before = written;
    written = { at, text };
    try {
      await writeSlackGroups(database.knex, groups);
    } catch (error) {
      written = before;
      log.warn({ event: 'slack_groups_unwritten', err: error }, errorMessage(error));
    }
  }

  function readAnew(): Promise<GroupMembers> {
    const asked = { at: clock.now(), members: read() };
    remembered = asked;
    // A failed read is nothing to remember.
    asked.members.catch(() => {
      if (remembered === asked) remembered = null;
    });
    return asked.members;
  }

  return {
    /** Ids of the named groups that this member is in. */
    async of(userId: string, isFresh: boolean): Promise<string[]> {
      if (named.size === 0) return [];
      const isOld = !remembered || clock.now() - remembered.at >= MINUTE_MS;
      const members = await (isFresh || isOld || !remembered ? readAnew() : remembered.members);
      return [...members].filter(([, users]) => users.includes(userId)).map(([id]) => id);
    },
    /** Reads them now, for those who cannot ask Slack themselves; people who wait for an answer go first. */
    async refresh(): Promise<void> {
      if (named.size > 0 && (await rests.leftMs(METHOD)) === 0) await readAnew();
    },
    forget(): void {
      remembered = null;
    },
  };
}

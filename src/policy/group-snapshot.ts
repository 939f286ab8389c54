import type { Sql } from '#db/connection.ts';
import { listSlackGroups } from '#db/slack-groups.ts';
import { HOUR_MS } from '#src/core/clock.ts';
import type { GroupMembers } from './people.ts';

/**
 * Who has left a user group keeps its role at the terminal for this long at most, while Slack cannot be asked. Slack's
 * long outages last a few hours, and it is asked every twenty minutes: an hour would end in the middle of one.
 */
export const SNAPSHOT_LIVES_MS = 4 * HOUR_MS;

/** Slack's user groups as they were last read in Slack, as long as that is not too long ago to give a role. */
export async function freshGroups(sql: Sql, now: number): Promise<GroupMembers> {
  const known = await listSlackGroups(sql);
  const fresh = known.filter((group) => now - group.readAt <= SNAPSHOT_LIVES_MS);
  return new Map(fresh.map((group) => [group.groupId, group.members]));
}

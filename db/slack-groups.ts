import type { Sql } from './connection.ts';

/** A Slack user group as Slack last told of it. */
export type SlackGroup = { groupId: string; members: readonly string[]; readAt: number };

export async function listSlackGroups(sql: Sql): Promise<SlackGroup[]> {
  const rows: { group_id: string; members: string; read_at: number }[] = await sql('slack_groups');
  return rows.map((row) => ({
    groupId: row.group_id,
    members: JSON.parse(row.members) as string[],
    readAt: row.read_at,
  }));
}

/** Newer knowledge replaces older, and never the other way round: processes read Slack at their own times. */
export async function writeSlackGroups(sql: Sql, groups: readonly SlackGroup[]): Promise<void> {
  if (groups.length === 0) return;
  await sql('slack_groups')
    .insert(
      groups.map((group) => ({
        group_id: group.groupId,
        members: JSON.stringify(group.members),
        read_at: group.readAt,
      })),
    )
    .onConflict('group_id')
    .merge()
    .where('slack_groups.read_at', '<=', sql.ref('excluded.read_at'));
}

import type { TeamIdentity } from './team.ts';

/** What `users.info` says that matters here (docs.slack.dev/reference/objects/user-object). */
export type SlackUser = {
  id?: string;
  team_id?: string;
  deleted?: boolean;
  is_bot?: boolean;
  is_workflow_bot?: boolean;
  is_restricted?: boolean;
  is_ultra_restricted?: boolean;
  is_stranger?: boolean;
  enterprise_user?: { enterprise_id?: string; teams?: string[] };
};

/**
 * Why this member may do nothing at all, or null. Someone met through Slack Connect belongs to another workspace,
 * whatever channel they type in (docs.slack.dev/apis/slack-connect); on Enterprise Grid one person belongs to several
 * workspaces of the organisation.
 */
export function memberRefusal(
  user: SlackUser,
  team: TeamIdentity,
  claimedTeamId: string | null,
): string | null {
  if (user.deleted) return 'This Slack account is deactivated.';
  if (user.is_bot || user.is_workflow_bot || user.id === 'USLACKBOT')
    return 'Lucy takes commands from people only, not from bots.';
  if (user.is_stranger) return otherWorkspace;
  const isOurs = (teamId: string) =>
    teamId === team.teamId ||
    teamId === team.enterpriseId ||
    (user.enterprise_user?.teams?.includes(teamId) === true &&
      user.enterprise_user.teams.includes(team.teamId));
  if (!user.team_id || !isOurs(user.team_id)) return otherWorkspace;
  if (claimedTeamId !== null && !isOurs(claimedTeamId)) return otherWorkspace;
  if (user.is_restricted || user.is_ultra_restricted) return 'Guests of this workspace cannot use Lucy.';
  return null;
}

const otherWorkspace = 'You belong to another workspace, and Lucy works for the people of this one only.';

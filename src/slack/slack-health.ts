import type { Team } from './identity/team.ts';

export type SlackHealth = { state: 'ok' | 'degraded'; detail: string };

/** How this process is connected; whether posts arrive is in the rows of the outbox. */
export function slackHealth(team: Team, receiving: { problem(): string | null }): SlackHealth {
  const problem = team.problem();
  if (problem !== null) return { state: 'degraded', detail: `Slack has not said who Lucy is: ${problem}.` };
  const socket = receiving.problem();
  if (socket !== null) return { state: 'degraded', detail: `Socket Mode is not connected: ${socket}.` };
  return { state: 'ok', detail: `Connected to ${team.current()?.teamName ?? 'Slack'}.` };
}

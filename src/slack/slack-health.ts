import { errorMessage } from '#src/core/errors.ts';
import type { Announcer } from '#src/outbox/announcer.ts';
import type { Team } from './identity/team.ts';

export type SlackHealth = { state: 'ok' | 'degraded'; detail: string };

/** Watches what Slack takes of Lucy's posts; the last word per channel counts. */
export function watchAnnouncer(announcer: Announcer): { announcer: Announcer; problems(): string[] } {
  const problems = new Map<string, string>();
  return {
    problems: () => [...problems.values()],
    announcer: {
      ...announcer,
      async post(target, reply, options) {
        try {
          const posted = await announcer.post(target, reply, options);
          problems.delete(target);
          return posted;
        } catch (error) {
          problems.set(target, `${announcer.nameOf(target)}: ${errorMessage(error)}`);
          throw error;
        }
      },
    },
  };
}

export function slackHealth(
  team: Team,
  receiving: { problem(): string | null },
  posting: { problems(): string[] },
): SlackHealth {
  const problem = team.problem();
  if (problem !== null) return { state: 'degraded', detail: `Slack has not said who Lucy is: ${problem}.` };
  const socket = receiving.problem();
  if (socket !== null) return { state: 'degraded', detail: `Socket Mode is not connected: ${socket}.` };
  const unposted = posting.problems();
  if (unposted.length > 0)
    return { state: 'degraded', detail: `Posts do not arrive in ${unposted.join('; ')}.` };
  return { state: 'ok', detail: `Connected to ${team.current()?.teamName ?? 'Slack'}.` };
}

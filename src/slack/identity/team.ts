import { z } from 'zod';
import type { Database } from '#db/connection.ts';
import { readInstallation, writeInstallation } from '#db/installation.ts';
import type { Clock } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import type { Log } from '#src/core/log.ts';
import { problemWord, type SlackClient, slackProblem } from '../slack-client.ts';

const identitySchema = z.object({
  teamId: z.string(),
  teamName: z.string(),
  botUserId: z.string(),
  botId: z.string(),
  enterpriseId: z.string().nullable(),
});

/** Who Lucy is in Slack, and in which workspace. */
export type TeamIdentity = z.infer<typeof identitySchema>;

export type Team = {
  /** Null until Slack or an earlier start has said it. */
  current(): TeamIdentity | null;
  /** Why Slack has not confirmed it in this process; null when it has. */
  problem(): string | null;
  start(): Promise<void>;
  stop(): void;
};

const FIRST_PAUSE_MS = 1_000;
const PAUSE_MAX_MS = 60_000;

/**
 * Learns the workspace by `auth.test`, in the background and again and again, because Slack being away must not keep
 * the port shut (DESIGN section 9: Slack at start). What it said is stored, so that the next start knows at once.
 */
export function createTeam(database: Database, slack: SlackClient, clock: Clock, log: Log): Team {
  let identity: TeamIdentity | null = null;
  let problem: string | null = 'Slack has not been asked yet';
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function ask(pauseMs: number): Promise<void> {
    if (isStopped) return;
    try {
      const said = await slack.auth.test();
      identity = {
        teamId: said.team_id ?? '',
        teamName: said.team ?? '',
        botUserId: said.user_id ?? '',
        botId: said.bot_id ?? '',
        enterpriseId: said.enterprise_id ?? null,
      };
      problem = null;
      log.info(
        { event: 'slack_connected', team: identity.teamId, bot: identity.botUserId },
        'Slack knows Lucy',
      );
      await writeInstallation(database.knex, 'slack_identity', JSON.stringify(identity), clock.now());
    } catch (error) {
      if (problem === null)
        return log.warn({ err: error, event: 'slack_identity_unwritten' }, errorMessage(error));
      problem = problemWord(slackProblem(error));
      log.warn({ event: 'slack_unreachable', problem }, 'Slack did not say who Lucy is; asking again');
      timer = setTimeout(() => void ask(Math.min(pauseMs * 2, PAUSE_MAX_MS)), pauseMs);
      timer.unref();
    }
  }

  return {
    current: () => identity,
    problem: () => problem,
    async start() {
      const stored = await readInstallation(database.knex, 'slack_identity').catch(() => null);
      identity ??= readStored(stored);
      void ask(FIRST_PAUSE_MS);
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

function readStored(text: string | null): TeamIdentity | null {
  if (text === null) return null;
  try {
    return identitySchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

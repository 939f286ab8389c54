import type { Database } from '#db/connection.ts';
import type { Actor } from '#src/core/actor.ts';
import type { Clock } from '#src/core/clock.ts';
import { MINUTE_MS, spanWords } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import type { Log } from '#src/core/log.ts';
import type { Settings } from '#src/core/settings.ts';
import { slackActor } from '#src/policy/people.ts';
import type { MethodRests } from '../method-rests.ts';
import { problemWord, type SlackClient, slackProblem } from '../slack-client.ts';
import { createGroups } from './groups.ts';
import { memberRefusal, type SlackUser } from './member-refusal.ts';
import type { Team } from './team.ts';

/** Who asks, as a Slack request names them. */
export type Caller = { userId: string; teamId: string | null };

export type Members = {
  /** @param isFresh asks Slack again, whatever was remembered: before value moves. */
  actorOf(caller: Caller, options?: { isFresh?: boolean }): Promise<Actor>;
  /** The members of some user group changed. */
  forgetGroups(): void;
  /** Reads the user groups and writes them down for the terminal; what fails is logged. */
  refreshGroups(): Promise<void>;
};

type Known = { user: SlackUser & { real_name?: string; name?: string }; at: number };

/** At most this old, so that somebody who left can do little. */
const REMEMBERED_MS = MINUTE_MS;
const REMEMBERED_MAX = 1_000;

/** Turns Slack's member into Lucy's actor. When Slack cannot say who it is, nobody acts. */
export function createMembers(deps: {
  slack: SlackClient;
  rests: MethodRests;
  team: Team;
  database: Database;
  settings: Settings;
  clock: Clock;
  log: Log;
}): Members {
  const { slack, team, settings, clock, log } = deps;
  const groups = createGroups(deps);
  const known = new Map<string, Known>();

  async function userOf(userId: string, isFresh: boolean): Promise<Known['user'] | null> {
    const remembered = known.get(userId);
    if (!isFresh && remembered && clock.now() - remembered.at < REMEMBERED_MS) return remembered.user;
    const at = clock.now();
    try {
      const { user } = await slack.users.info({ user: userId });
      if (!user) return null;
      if (known.size >= REMEMBERED_MAX) known.clear();
      known.set(userId, { user, at });
      return user;
    } catch (error) {
      known.delete(userId);
      const problem = slackProblem(error);
      if (problem.kind === 'refused' && /^(user|users)_not_(found|visible)$/.test(problem.code)) return null;
      throw error;
    }
  }

  return {
    async actorOf({ userId, teamId }, { isFresh = false } = {}) {
      const identity = team.current();
      if (!identity) throw tryAgain('Lucy is still finding out which Slack workspace this is');
      try {
        const [user, groupIds] = await Promise.all([userOf(userId, isFresh), groups.of(userId, isFresh)]);
        const refusal = memberRefusal(user ?? {}, identity, teamId);
        const name = user?.real_name || user?.name || userId;
        return slackActor(settings, { userId, name, groupIds, refusal });
      } catch (error) {
        const problem = slackProblem(error);
        const word = problemWord(problem);
        log.warn(
          { event: 'slack_member_unknown', user: userId, problem: word },
          'Slack did not say who this is',
        );
        throw problem.kind === 'rate_limited'
          ? tryAgain(
              'Slack did not tell Lucy who you are, because too much was asked of it',
              problem.retryAfterMs,
            )
          : tryAgain(`Slack did not tell Lucy who you are (${word})`);
      }
    },
    forgetGroups: groups.forget,
    async refreshGroups() {
      try {
        await groups.refresh();
      } catch (error) {
        const problem = problemWord(slackProblem(error));
        log.warn({ event: 'slack_groups_unread', problem }, 'Slack did not say who is in the user groups');
      }
    },
  };
}

function tryAgain(why: string, inMs: number | null = null): UserError {
  const when = inMs === null ? 'a moment' : spanWords(inMs);
  return new UserError('unavailable', `${why}, so nothing was changed.`, `Try again in ${when}.`);
}

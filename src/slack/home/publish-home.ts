import type { Actor } from '#src/core/actor.ts';
import type { Log } from '#src/core/log.ts';
import type { Runner } from '#src/runner/runner.ts';
import type { SlackClient } from '../slack-client.ts';
import { homeView } from './home-view.ts';

/** Brings a person's Home up to date. Home is a convenience: a failure is logged and nothing more. */
export async function publishHome(
  deps: { runner: Runner; slack: SlackClient; log: Log },
  userId: string,
  actor: Actor,
): Promise<void> {
  try {
    const view = await homeView(deps.runner, actor);
    await deps.slack.views.publish({ user_id: userId, view });
  } catch (error) {
    deps.log.warn(
      { event: 'slack_home_failed', user: userId, err: error },
      'Home was not brought up to date',
    );
  }
}

import { createHmac, randomBytes } from 'node:crypto';
import { bot, people, workspace } from '../sandbox/cast.ts';
import { startLocalSlack } from '../sandbox/slack/start-local-slack.ts';
import type { Server } from './child.ts';
import { SLACK_SECRET } from './lucy-env.ts';

/** A local Slack that sends nothing of itself. */
export function startBenchSlack() {
  return startLocalSlack({
    signingSecret: SLACK_SECRET,
    botToken: 'xoxb-bench',
    eventsUrl: () => 'http://127.0.0.1:9',
  });
}

/** One signed command of Sam's; how many milliseconds its whole answer took. */
export async function callSlack(server: Server, text = 'customer show sofia@firm.com'): Promise<number> {
  const body = new URLSearchParams({
    command: '/lucy',
    text,
    team_id: workspace.teamId,
    api_app_id: workspace.appId,
    channel_id: 'C0SUPPORT1',
    channel_name: 'support',
    user_id: people.sam.id,
    user_name: people.sam.handle,
    response_url: `http://127.0.0.1:9/commands/${bot.botId}`,
    trigger_id: randomBytes(12).toString('hex'),
    is_enterprise_install: 'false',
  }).toString();
  const at = Math.floor(Date.now() / 1000);
  const signature = `v0=${createHmac('sha256', SLACK_SECRET).update(`v0:${at}:${body}`).digest('hex')}`;
  const since = performance.now();
  const response = await fetch(`http://127.0.0.1:${server.port}/slack/events`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-signature': signature,
      'x-slack-request-timestamp': String(at),
    },
  });
  await response.text();
  if (response.status !== 200) throw new Error(`Answered ${response.status}`);
  return performance.now() - since;
}

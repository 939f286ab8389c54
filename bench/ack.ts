import { createHmac, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bot, people, workspace } from '../sandbox/cast.ts';
import { startLocalSlack } from '../sandbox/slack/start-local-slack.ts';
import { type Server, startServer } from './child.ts';
import { compareRounds, median, type Round } from './report.ts';

export const SECRET = 'bench-signing-secret';
const PER_SECOND = 50;
const WARM_SECONDS = 3;
const ROUND_SECONDS = 5;
const ROUNDS = 5;

/** A signed `/lucy customer show` until its acknowledgement, at 50 a second (research: performance, E). About 70 s. */
export async function benchAck(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-bench-'));
  const slack = await startLocalSlack({
    signingSecret: SECRET,
    botToken: 'xoxb-bench',
    eventsUrl: () => 'http://127.0.0.1:9',
  });
  const floor = await startServer(['bench/ack-floor.ts', join(folder, 'floor.db'), SECRET], {});
  const lucy = await startServer(['src/main.ts'], ackLucyEnv(join(folder, 'lucy.db'), slack.apiUrl));
  try {
    const rounds: { floor: Round[]; lucy: Round[] } = { floor: [], lucy: [] };
    for (const server of [floor, lucy]) await drive(server, WARM_SECONDS);
    for (let round = 0; round < ROUNDS; round++) {
      rounds.floor.push(await drive(floor, ROUND_SECONDS));
      rounds.lucy.push(await drive(lucy, ROUND_SECONDS));
    }
    return compareRounds(
      `Slack command to acknowledgement, ${PER_SECOND} a second`,
      'floor: minimal Bolt with one durable row',
      rounds.floor,
      'Lucy',
      rounds.lucy,
    );
  } finally {
    await floor.stop();
    await lucy.stop();
    await slack.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lucy as she runs, with the local Slack and a Stripe that is away. */
export function ackLucyEnv(file: string, slackUrl: string): Record<string, string> {
  return {
    DATABASE_URL: `sqlite:${file}`,
    PORT: '0',
    HOST: '127.0.0.1',
    SLACK_BOT_TOKEN: 'xoxb-bench',
    SLACK_SIGNING_SECRET: SECRET,
    SLACK_API_URL: slackUrl,
    STRIPE_API_BASE: 'http://127.0.0.1:9',
    STRIPE_SECRET_KEY: 'sk_test_bench',
    STRIPE_WEBHOOK_SECRET: 'whsec_bench',
  };
}

async function drive(server: Server, seconds: number): Promise<Round> {
  const cpuBefore = await server.cpuMs();
  const took: number[] = [];
  const calls: Promise<void>[] = [];
  const since = performance.now();
  for (let sent = 0; sent < seconds * PER_SECOND; sent++) {
    const wait = since + (sent * 1000) / PER_SECOND - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    calls.push(callSlack(server).then((ms) => void took.push(ms)));
  }
  await Promise.all(calls);
  const sorted = took.sort((a, b) => a - b);
  const cpuMs = (await server.cpuMs()) - cpuBefore;
  return {
    perSecond: (took.length * 1000) / (performance.now() - since),
    p50: median(sorted),
    p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    cpuMicros: (cpuMs * 1000) / took.length,
  };
}

/** One signed `/lucy customer show`; how many milliseconds its whole answer took. */
export async function callSlack(server: Server): Promise<number> {
  const body = new URLSearchParams({
    command: '/lucy',
    text: 'customer show sofia@firm.com',
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
  const signature = `v0=${createHmac('sha256', SECRET).update(`v0:${at}:${body}`).digest('hex')}`;
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

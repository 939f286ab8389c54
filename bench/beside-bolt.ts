import { type Server, startServer } from './child.ts';
import { lucyEnv, SLACK_SECRET } from './lucy-env.ts';
import { compareRounds, median, type Round } from './report.ts';
import { interleave } from './rounds.ts';
import { callSlack, startBenchSlack } from './slack-commands.ts';
import { WEBHOOK_SECRET } from './webhooks.ts';

export const PER_SECOND = 50;

/** Lucy's acknowledgements beside those of a minimal Bolt, as a table; each on a database of its own. */
export async function besideBolt(
  title: string,
  urls: { floor: string; lucy: string },
  rounds: number,
  warm: (server: Server) => Promise<Round>,
  drive: (server: Server) => Promise<Round>,
): Promise<string> {
  const slack = await startBenchSlack();
  const floor = await startServer(['bench/ack-floor.ts', urls.floor, SLACK_SECRET, WEBHOOK_SECRET], {});
  const lucy = await startServer(['src/main.ts'], lucyEnv(urls.lucy, slack.apiUrl));
  try {
    const done = await interleave({ floor, lucy }, rounds, warm, drive);
    const floorName = 'floor: minimal Bolt with one durable row';
    return compareRounds(title, floorName, done.floor, 'Lucy', done.lucy);
  } finally {
    await floor.stop();
    await lucy.stop();
    await slack.close();
  }
}

/** Commands at their pace for as long as they are wanted, and how long each took. */
export async function callAtPace(server: Server, isWanted: (sent: number) => boolean): Promise<number[]> {
  const took: number[] = [];
  const calls: Promise<void>[] = [];
  const since = performance.now();
  for (let sent = 0; isWanted(sent); sent++) {
    const waitMs = since + (sent * 1000) / PER_SECOND - performance.now();
    await new Promise((resolve) => setTimeout(resolve, Math.max(waitMs, 0)));
    calls.push(callSlack(server).then((ms) => void took.push(ms)));
  }
  await Promise.all(calls);
  return took;
}

/** @param count of what the throughput and the CPU are meant */
export function roundOf(took: number[], count: number, seconds: number, cpuMs: number): Round {
  const sorted = took.sort((a, b) => a - b);
  return {
    perSecond: count / seconds,
    p50: median(sorted),
    p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    cpuMicros: (cpuMs * 1000) / count,
  };
}

import { createHmac, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { startLocalSlack } from '../sandbox/slack/start-local-slack.ts';
import { ackLucyEnv, callSlack, SECRET } from './ack.ts';
import { type Server, startServer } from './child.ts';
import { compareRounds, median, type Round } from './report.ts';

const WEBHOOK_SECRET = 'whsec_bench';
const WEBHOOKS = Number(process.env.BENCH_WEBHOOKS ?? 10_000);
const PER_SECOND = 50;
const ROUNDS = 3;

/**
 * A signed command until its acknowledgement at 50 a second, while 10,000 webhooks come in (research: performance, E).
 * The floor takes the same webhooks beside its minimal Bolt: signature, JSON and a shared durable insert, and nothing is
 * done with them; Lucy's worker, whose Stripe is away, runs in the same process. About two minutes.
 */
export async function benchAckBurst(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-bench-'));
  const template = await readFile(
    new URL('../test/fixtures/stripe/customer.subscription.updated.json', import.meta.url),
    'utf8',
  );
  const slack = await startLocalSlack({
    signingSecret: SECRET,
    botToken: 'xoxb-bench',
    eventsUrl: () => 'http://127.0.0.1:9',
  });
  const floor = await startServer(
    ['bench/ack-floor.ts', join(folder, 'floor.db'), SECRET, WEBHOOK_SECRET],
    {},
  );
  const lucy = await startServer(['src/main.ts'], {
    ...ackLucyEnv(join(folder, 'lucy.db'), slack.apiUrl),
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
  });
  try {
    const rounds: { floor: Round[]; lucy: Round[] } = { floor: [], lucy: [] };
    for (const server of [floor, lucy]) await drive(server, template, 1_000);
    for (let round = 0; round < ROUNDS; round++) {
      rounds.floor.push(await drive(floor, template, WEBHOOKS));
      rounds.lucy.push(await drive(lucy, template, WEBHOOKS));
    }
    return compareRounds(
      `Acknowledgement, ${PER_SECOND} a second, while ${WEBHOOKS.toLocaleString('en-US')} webhooks burst`,
      'floor: minimal Bolt with one durable row, webhooks stored beside it',
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

/** Commands at their pace until the last webhook is answered; CPU is that for one webhook. */
async function drive(server: Server, template: string, webhooks: number): Promise<Round> {
  const cpuBefore = await server.cpuMs();
  const since = performance.now();
  let isBursting = true;
  const burst = sendWebhooks(server, template, webhooks).finally(() => {
    isBursting = false;
  });
  const took: number[] = [];
  const calls: Promise<void>[] = [];
  for (let sent = 0; isBursting; sent++) {
    const wait = since + (sent * 1000) / PER_SECOND - performance.now();
    await new Promise((resolve) => setTimeout(resolve, Math.max(wait, 0)));
    calls.push(callSlack(server).then((ms) => void took.push(ms)));
  }
  await Promise.all([burst, ...calls]);
  const sorted = took.sort((a, b) => a - b);
  return {
    perSecond: (webhooks * 1000) / (performance.now() - since),
    p50: median(sorted),
    p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    cpuMicros: (((await server.cpuMs()) - cpuBefore) * 1000) / webhooks,
  };
}

async function sendWebhooks(server: Server, template: string, count: number): Promise<void> {
  const result = await autocannon({
    url: `http://127.0.0.1:${server.port}/api/billing/webhook`,
    connections: 16,
    amount: count,
    requests: [
      {
        method: 'POST',
        setupRequest(request: autocannon.Request) {
          const id = randomBytes(10).toString('hex');
          const body = template
            .replace(/"id": ?"evt_[^"]+"/, `"id": "evt_${id}"`)
            .replace(/"customer": ?"cus_[^"]+"/, `"customer": "cus_${id}"`);
          const at = Math.floor(Date.now() / 1000);
          const mac = createHmac('sha256', WEBHOOK_SECRET).update(`${at}.${body}`).digest('hex');
          return {
            ...request,
            body,
            headers: { 'content-type': 'application/json', 'stripe-signature': `t=${at},v1=${mac}` },
          };
        },
      },
    ],
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} answers were not 200, ${result.errors} failed`);
}

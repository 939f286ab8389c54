import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { Agent, get, request } from 'node:http';
import { eventOf } from './apply-world.ts';
import { type Server, startServer } from './child.ts';

const SECRET = 'whsec_bench';
const CONNECTIONS = 32;
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

const peerPath = new URL('./peers/node_modules/@supabase/stripe-sync-engine', import.meta.url);

type Figure = { perSecond: number; answeredPerSecond: number; cpuMicros: number };

/**
 * Events sent as Stripe sends them until the last of them is applied, on Postgres: Lucy, who stores, answers and asks
 * Stripe, with stripe-sync-engine, which applies the payload and then answers.
 */
export async function measureTogether(url: string, customers: number): Promise<string[]> {
  const count = String(customers);
  const lucy = await startServer(['bench/apply-server-lucy.ts', url, SECRET, count], {});
  const figure = await drive(lucy, customers).finally(() => lucy.stop());
  const rows = [rowOf('Lucy', figure)];
  if (!existsSync(peerPath))
    return [...rows, '| stripe-sync-engine | not installed: npm install --prefix bench/peers | | |'];
  const peer = await startServer(['bench/apply-server-peer.ts', url, SECRET], {});
  const peers = await drive(peer, customers).finally(() => peer.stop());
  return [
    ...rows,
    rowOf('stripe-sync-engine 0.48.5', peers),
    `| Lucy to it | ${(figure.perSecond / peers.perSecond).toFixed(2)} | ${(figure.answeredPerSecond / peers.answeredPerSecond).toFixed(2)} | ${(figure.cpuMicros / peers.cpuMicros).toFixed(2)} |`,
  ];
}

function rowOf(name: string, { perSecond, answeredPerSecond, cpuMicros }: Figure): string {
  return `| ${name} | ${perSecond.toFixed(0)} | ${answeredPerSecond.toFixed(0)} | ${cpuMicros.toFixed(0)} |`;
}

/** The first step warms up, the second is measured. */
async function drive(server: Server, customers: number): Promise<Figure> {
  await send(server, bodiesOf(customers, 'subscribe'));
  await untilNobodyWaits(server);
  await ask(server, '/move-on');
  const bodies = bodiesOf(customers, 'move on');
  const cpu = await server.cpuMs();
  const since = performance.now();
  await send(server, bodies);
  const answered = performance.now() - since;
  await untilNobodyWaits(server);
  const applied = performance.now() - since;
  return {
    perSecond: (customers * 1_000) / applied,
    answeredPerSecond: (customers * 1_000) / answered,
    cpuMicros: ((await server.cpuMs()) - cpu) * (1_000 / customers),
  };
}

type Signed = { body: string; signature: string };

function bodiesOf(customers: number, step: 'subscribe' | 'move on'): Signed[] {
  const at = Math.floor(Date.now() / 1_000);
  return Array.from({ length: customers }, (_none, number) => {
    const body = JSON.stringify(eventOf(number, step));
    const mac = createHmac('sha256', SECRET).update(`${at}.${body}`).digest('hex');
    return { body, signature: `t=${at},v1=${mac}` };
  });
}

async function send(server: Server, bodies: Signed[]): Promise<void> {
  const waiting = [...bodies].reverse();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) await post(server, next);
    }),
  );
}

function post({ port }: Server, { body, signature }: Signed): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        host: '127.0.0.1',
        port,
        method: 'POST',
        path: '/api/billing/webhook',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'stripe-signature': signature,
        },
      },
      (response) => {
        let said = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          said += part;
        });
        response.on('end', () =>
          response.statusCode === 200 ? resolve() : reject(new Error(`${response.statusCode}: ${said}`)),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

async function untilNobodyWaits(server: Server): Promise<void> {
  while ((await ask(server, '/waiting')) !== '0') await new Promise((resolve) => setTimeout(resolve, 20));
}

function ask({ port }: Server, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ agent, host: '127.0.0.1', port, path }, (response) => {
      let said = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        said += part;
      });
      response.on('end', () => resolve(said));
    }).on('error', reject);
  });
}

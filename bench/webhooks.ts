import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import autocannon from 'autocannon';

export const WEBHOOK_SECRET = 'whsec_bench';

/** Signed events, each of its own id. */
export type Webhooks = () => { body: string; headers: Record<string, string> };

/**
 * @param customers of how many customers they are: each event is of one of them, and of that customer's subscription; 1 keeps
 *   all of them at one place of every index, which is the kindest, and many is what renewals are like
 */
export async function webhooksOf(customers: number): Promise<Webhooks> {
  const path = new URL('../test/fixtures/stripe/customer.subscription.updated.json', import.meta.url);
  const template = await readFile(path, 'utf8');
  const names = Array.from({ length: customers }, () => randomBytes(7).toString('hex'));
  return () => {
    const name = names[randomInt(customers)];
    return signedEvent(template, { customer: `cus_${name}`, object: `sub_1${name}` });
  };
}

/** One of these events, of its own id, about this customer and object. */
export function signedEvent(
  template: string,
  about: { customer: string; object: string },
): ReturnType<Webhooks> {
  const body = template
    .replace(/"id": ?"evt_[^"]+"/, `"id": "${eventId()}"`)
    .replace(/"customer": ?"cus_[^"]+"/, `"customer": "${about.customer}"`)
    .replace(/"id": ?"(?:sub|in)_[^"]+"/, `"id": "${about.object}"`);
  const at = Math.floor(Date.now() / 1000);
  const mac = createHmac('sha256', WEBHOOK_SECRET).update(`${at}.${body}`).digest('hex');
  return {
    body,
    headers: { 'content-type': 'application/json', 'stripe-signature': `t=${at},v1=${mac}` },
  };
}

/** Stripe's ids begin with the time, in seconds; the same for the floor and for Lucy. */
function eventId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(36);
  return `evt_1${seconds}LkdIwHu7ix${randomBytes(4).toString('hex')}`;
}

export type Sent = { total: number; perSecond: number; p50: number; p99: number };

/** Sends to all of these ports at once, spread evenly; what comes back is of all together, the p99 that of the slowest. */
export async function sendWebhooks(
  ports: readonly number[],
  next: Webhooks,
  load: { connections: number } & ({ seconds: number } | { amount: number }),
): Promise<Sent> {
  const results = await Promise.all(
    ports.map((port) =>
      autocannon({
        url: `http://127.0.0.1:${port}/api/billing/webhook`,
        connections: Math.max(1, Math.round(load.connections / ports.length)),
        ...('seconds' in load
          ? { duration: load.seconds }
          : { amount: Math.round(load.amount / ports.length) }),
        requests: [
          { method: 'POST', setupRequest: (request: autocannon.Request) => ({ ...request, ...next() }) },
        ],
      }),
    ),
  );
  for (const { non2xx, errors } of results)
    if (non2xx > 0 || errors > 0) throw new Error(`${non2xx} answers were not 200, ${errors} failed`);
  const sum = (pick: (result: autocannon.Result) => number) =>
    results.reduce((total, result) => total + pick(result), 0);
  return {
    total: sum((result) => result.requests.total),
    perSecond: sum((result) => result.requests.average),
    p50: sum((result) => result.latency.p50) / results.length,
    p99: Math.max(...results.map((result) => result.latency.p99)),
  };
}

import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { onTestFinished } from 'vitest';
import type { Database } from '#db/connection.ts';
import { createLog } from '#src/core/log.ts';
import { createHttpServer } from '#src/http/server.ts';
import { createRejectCounter, type RejectCounter } from '#src/webhooks/reject-counter.ts';
import { createWebhookRoute } from '#src/webhooks/webhook-route.ts';
import { freshDatabase } from './fresh-database.ts';
import { type TestClock, testClock } from './test-clock.ts';

export const webhookSecret = 'whsec_test_current';
export const oldWebhookSecret = 'whsec_test_previous';

export type Answer = { status: number; body: { status?: string; error?: { code: string; message: string } } };

export type WebhookWorld = {
  database: Database;
  url: string;
  clock: TestClock;
  port: number;
  rejects: RejectCounter;
  /** Sends bytes as they are. */
  send(body: string | Uint8Array, headers?: Record<string, string>): Promise<Answer>;
  /** Signs as Stripe does, now, with the current secret unless told otherwise. */
  deliver(
    event: unknown,
    options?: { secret?: string; at?: number; header?: (made: string) => string },
  ): Promise<Answer>;
};

/** The webhook route behind the real HTTP server, on a database of its own. */
export async function webhookWorld(options: { mode?: 'test' | 'live' } = {}): Promise<WebhookWorld> {
  const { database, url } = await freshDatabase();
  const clock = testClock();
  const log = createLog('silent');
  const rejects = createRejectCounter(database, log);
  const handle = createWebhookRoute({
    database,
    clock,
    log,
    secrets: [webhookSecret, oldWebhookSecret],
    mode: options.mode ?? 'test',
    rejects,
    onStored: () => {},
  });
  const server = createHttpServer([{ method: 'POST', path: '/api/billing/webhook', handle }], log);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const send: WebhookWorld['send'] = (body, headers = {}) => post(port, body, headers);
  return {
    database,
    url,
    clock,
    port,
    rejects,
    send,
    deliver(event, { secret = webhookSecret, at = clock.now(), header = (made: string) => made } = {}) {
      const body = typeof event === 'string' ? event : JSON.stringify(event);
      return send(body, { 'stripe-signature': header(signature(body, secret, at)) });
    },
  };
}

/** `t=…,v1=…` over the raw body: docs.stripe.com/webhooks#verify-manually. */
export function signature(body: string | Uint8Array, secret: string, at: number): string {
  const seconds = Math.floor(at / 1000);
  const mac = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex');
  return `t=${seconds},v1=${mac}`;
}

/** A small event in Stripe's shape. */
export function stripeEvent(
  type: string,
  object: Record<string, unknown>,
  id = `evt_${Math.random().toString(36).slice(2, 14)}`,
) {
  return {
    id,
    object: 'event',
    api_version: '2026-10-28.endive',
    created: 1793664013,
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
  };
}

function post(port: number, body: string | Uint8Array, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port,
        path: '/api/billing/webhook',
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            body: JSON.parse(Buffer.concat(chunks).toString('utf8')),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Database } from '#db/connection.ts';
import { takeEvent } from '#src/billing-events/take-event.ts';
import type { Clock } from '#src/core/clock.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import { sha256 } from '#src/core/fingerprint.ts';
import type { Log } from '#src/core/log.ts';
import { readBody } from '#src/core/read-body.ts';
import type { RejectCounter } from './reject-counter.ts';
import { createEventStore } from './store-together.ts';
import { verifyDelivery } from './verify-delivery.ts';

/** DESIGN section 9: 413 over 1 MiB. */
const BODY_MAX_BYTES = 1024 * 1024;

export type WebhookOptions = {
  database: Database;
  clock: Clock;
  log: Log;
  secrets: readonly string[];
  mode: 'test' | 'live';
  rejects: RejectCounter;
  /** Called after something was stored that a worker should look at. */
  onStored(): void;
};

/**
 * `POST /api/billing/webhook`: verify the raw bytes, store the event and its dirty mark, answer 200. No outbound call
 * and no processing, so the answer never waits for Slack or Stripe.
 */
export function createWebhookRoute(
  options: WebhookOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const store = createEventStore(options.database);

  return async (request, response) => {
    const { clock, log } = options;
    const body = await readBody(request, BODY_MAX_BYTES);
    if (!body.ok && body.problem === 'aborted') return;
    const now = clock.now();
    if (!body.ok) return refuse(options, response, 413, 'too_large', 'The body is larger than 1 MiB.', now);
    const header = request.headers['stripe-signature'];
    const verified = verifyDelivery(
      body.bytes,
      typeof header === 'string' ? header : undefined,
      options.secrets,
      now,
    );
    if (!verified.ok) return refuse(options, response, 400, verified.reason, verified.detail, now);
    const { event, payload, secretSlot } = verified;
    const correlationId = newCorrelationId(now);
    const taken = takeEvent(event, {
      mode: options.mode,
      receivedAt: now,
      source: 'webhook',
      secretSlot,
      signatureHeader: typeof header === 'string' ? header : null,
      payload,
      payloadSha256: sha256(body.bytes),
      correlationId,
    });
    const { status } = taken;
    try {
      await store(taken);
    } catch (error) {
      log.error(
        { correlationId, err: error, event: 'webhook_not_stored', id: event.id },
        'The event could not be stored; Stripe will send it again',
      );
      return answer(response, 503, {
        error: {
          code: 'not_stored',
          message: 'The event could not be stored.',
          hint: 'Stripe sends it again.',
        },
        correlationId,
      });
    }
    if (secretSlot > 0)
      log.info(
        { correlationId, event: 'webhook_old_secret', slot: secretSlot },
        'Signed with a secret that is not the first; remove it when the roll is over',
      );
    answer(response, 200, { received: true, status, correlationId });
    if (status === 'received') options.onStored();
  };
}

function refuse(
  options: WebhookOptions,
  response: ServerResponse,
  status: number,
  reason: string,
  detail: string,
  now: number,
): void {
  options.rejects.count(reason, detail, now);
  answer(response, status, {
    error: { code: reason, message: detail, hint: 'Nothing was stored.' },
    correlationId: newCorrelationId(now),
  });
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

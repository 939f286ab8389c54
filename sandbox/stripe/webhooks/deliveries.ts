import { Agent } from 'node:http';
import type { StripeEvent } from '../objects/event.ts';
import type { WebhookEndpoint } from '../objects/webhook-endpoint.ts';
import type { WireRecorder } from '../wire.ts';
import type { Core } from '../world/core.ts';
import { type Rendering, renderEvent } from './render-event.ts';
import { createRetryClock } from './retry-clock.ts';
import { sendWebhook } from './send-webhook.ts';
import { webhookHeaders } from './sign.ts';

/** One try to deliver one event. */
export type Attempt = {
  eventId: string;
  /** Milliseconds, by the clock given. */
  at: number;
  status: number | null;
  body: string;
  error: string | null;
  durationMs: number;
};

export type Signing = Rendering & {
  /** Another secret, for a delivery that must be refused. */
  secret?: string;
  /** Unix seconds in the signature; now unless told. */
  timestamp?: number;
  /** Changes the event before it is signed: another mode, another account, an unknown type. */
  editEvent?: (event: StripeEvent) => StripeEvent;
  /** Changes the bytes after they were signed, as an attacker or a careless proxy would. */
  mutateBody?: (body: string) => string;
};

/** How webhooks get lost: as failures that Stripe knows of, or without a trace, as if they had arrived. */
export type Loss = 'failed' | 'untraced' | null;

export type DeliveryParts = {
  core: () => Core;
  endpoint: () => WebhookEndpoint;
  url: () => string;
  secrets: () => string[];
  nowMs: () => number;
  retryDelaysMs: number[];
  wire: WireRecorder;
};

export type Deliveries = ReturnType<typeof createDeliveries>;

export function createDeliveries(parts: DeliveryParts) {
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const attempts = new Map<string, Attempt[]>();
  const underWay = new Set<Promise<unknown>>();
  const retries = createRetryClock(parts.nowMs, (eventId) => automatic(eventId));
  let loss: Loss = null;

  const note = (event: StripeEvent, attempt: Attempt): Attempt => {
    attempts.set(event.id, [...(attempts.get(event.id) ?? []), attempt]);
    if (attempt.status !== null && attempt.status >= 200 && attempt.status < 300) {
      event.pending_webhooks = 0;
      retries.forget(event.id);
    }
    parts.wire.changed();
    return attempt;
  };

  async function attempt(event: StripeEvent, signing: Signing = {}): Promise<Attempt> {
    const at = parts.nowMs();
    const { body, headers } = signed(event, signing);
    const sent = await sendWebhook(parts.url(), body, headers, agent);
    parts.wire.record({
      at,
      from: 'stripe',
      to: 'lucy',
      label: event.type,
      status: sent.status,
      durationMs: sent.durationMs,
      request: body,
      response: sent.error ?? sent.body,
    });
    return note(event, { eventId: event.id, at, ...sent });
  }

  function signed(event: StripeEvent | string, signing: Signing = {}) {
    const rendering = { renderAs: parts.endpoint().api_version, ...signing };
    const edited = typeof event === 'string' ? event : (signing.editEvent?.(event) ?? event);
    const rendered = typeof edited === 'string' ? edited : renderEvent(parts.core(), edited, rendering);
    const secrets = signing.secret === undefined ? parts.secrets() : [signing.secret];
    const timestamp = signing.timestamp ?? Math.floor(parts.nowMs() / 1000);
    const headers = webhookHeaders(rendered, secrets, timestamp);
    return { body: signing.mutateBody ? signing.mutateBody(rendered) : rendered, headers };
  }

  /** An attempt that Stripe makes by itself: it can get lost, and a failure is tried again later. */
  function automatic(eventId: string): void {
    const event = parts.core().tables.events.get(eventId);
    if (!event || event.pending_webhooks === 0 || parts.endpoint().status === 'disabled') return;
    if (loss !== null) {
      if (loss === 'untraced') event.pending_webhooks = 0;
      else
        note(event, {
          eventId,
          at: parts.nowMs(),
          status: null,
          body: '',
          error: 'The webhook was lost',
          durationMs: 0,
        });
      return;
    }
    track(
      attempt(event).then(() => {
        const failures = attempts.get(eventId)?.length ?? 1;
        const delay = parts.retryDelaysMs[failures - 1];
        if (event.pending_webhooks > 0 && delay !== undefined) retries.schedule(eventId, delay);
      }),
    );
  }

  function track<T>(work: Promise<T>): Promise<T> {
    const tracked = work.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
    return tracked;
  }

  return {
    attempt: (event: StripeEvent, signing?: Signing) => track(attempt(event, signing)),
    /** Sends when the act that made the event is over, so that the event sees all of it. */
    soon: (eventId: string) => void track(Promise.resolve().then(() => automatic(eventId))),
    signed,
    attemptsOf: (eventId: string): readonly Attempt[] => attempts.get(eventId) ?? [],
    nextAttemptAt: retries.nextOf,
    lose(wanted: Loss) {
      loss = wanted;
    },
    losing: () => loss,
    /** Makes the retries whose time has come; a test with a clock of its own calls this. */
    deliverDue: () => retries.runDue(),
    /** Resolves when no delivery is under way. */
    async idle() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
    close() {
      retries.stop();
      agent.destroy();
    },
  };
}

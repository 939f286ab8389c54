import type Stripe from 'stripe';
import { collectPages } from './stripe-calls.ts';
import { sendOnce } from './stripe-send-once.ts';
import type { WebhookCalls } from './stripe-webhook-calls.ts';

export function webhookCalls(
  stripe: Stripe,
  ask: <T>(call: () => Promise<T>) => Promise<T | null>,
): WebhookCalls {
  return {
    async listEvents({ types, since, until, undelivered, after }) {
      const page = await ask(() =>
        stripe.events.list({
          types: [...types],
          created: { gte: seconds(since), ...(until === undefined ? {} : { lte: seconds(until) }) },
          limit: 100,
          ...(undelivered ? { delivery_success: false } : {}),
          ...(after ? { starting_after: after } : {}),
        }),
      );
      if (!page) return null;
      const events = page.data.map((event: unknown) => JSON.stringify(event));
      return { events, next: page.has_more ? (page.data.at(-1)?.id ?? null) : null };
    },
    async resendEvent(eventId, endpointId) {
      await sendOnce(() =>
        stripe.rawRequest('POST', `/v1/events/${encodeURIComponent(eventId)}/retry`, {
          webhook_endpoint: endpointId,
        }),
      );
    },
    async listWebhookEndpoints() {
      const all = await ask(() =>
        collectPages((after) => stripe.webhookEndpoints.list({ limit: 100, ...after })),
      );
      return (all ?? []).map((endpoint) => ({
        id: endpoint.id,
        url: endpoint.url,
        isEnabled: endpoint.status === 'enabled',
        createdAt: endpoint.created * 1000,
      }));
    },
    async stripeTime() {
      const answer = await ask(() => stripe.events.list({ limit: 1 }));
      const at = Date.parse(answer?.lastResponse.headers.date ?? '');
      return Number.isNaN(at) ? null : at;
    },
  };
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

import { createdPageParams, pageOf } from '../http/page.ts';
import { arrayOf, boolean, text } from '../http/param-kinds.ts';
import { type Route, route } from '../http/route.ts';
import { invalidRequest, noSuch } from '../http/stripe-refusal.ts';
import type { StripeEvent } from '../objects/event.ts';
import type { Core } from '../world/core.ts';
import { findNamed } from './find.ts';

/** https://docs.stripe.com/api/events: “up to 30 days” */
const keptSeconds = 30 * 86_400;

const listParams = {
  ...createdPageParams,
  delivery_success: boolean,
  type: text,
  types: arrayOf(text, 20),
};

export const eventRoutes: Route[] = [
  route('GET /v1/events', listParams, ({ core, params }) => {
    if (params.type !== undefined && params.types !== undefined) {
      throw invalidRequest('You may only specify one of these parameters: type, types.');
    }
    const wanted = params.types ?? (params.type === undefined ? null : [params.type]);
    return pageOf(
      '/v1/events',
      'event',
      core.tables.events.newestFirst(),
      params,
      (event) =>
        isKept(core, event) &&
        (wanted === null || wanted.some((pattern) => matches(pattern, event.type))) &&
        (params.delivery_success === undefined || (event.pending_webhooks === 0) === params.delivery_success),
    );
  }),
  route('GET /v1/events/:id', {}, ({ core, id }) => findEvent(core, id)),
  // Unpublished; it is what `stripe events resend` calls (stripe-cli, pkg/cmd/resource/events_resend.go).
  route(
    'POST /v1/events/:id/retry',
    { account: text, for_stripecli: boolean, webhook_endpoint: text },
    ({ core, id, params }) => {
      const event = findEvent(core, id);
      const endpoint = params.webhook_endpoint;
      if (endpoint !== undefined) {
        findNamed(core.tables.webhookEndpoints, 'webhook endpoint', endpoint, 'webhook_endpoint');
        core.redeliver(event);
      }
      return event;
    },
  ),
];

function findEvent(core: Core, id: string): StripeEvent {
  const event = core.tables.events.get(id);
  if (!event || !isKept(core, event)) throw noSuch('event', id);
  return event;
}

function isKept(core: Core, event: StripeEvent): boolean {
  return event.created > core.now() - keptSeconds;
}

/** `invoice.*` is every event about invoices. */
function matches(pattern: string, type: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
}

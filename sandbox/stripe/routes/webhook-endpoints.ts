import { pageOf, pageParams } from '../http/page.ts';
import { arrayOf, boolean, emptyable, metadata, text } from '../http/param-kinds.ts';
import { type Route, route } from '../http/route.ts';
import { findRow } from './find.ts';
import { mergeMetadata } from './metadata.ts';

/** https://docs.stripe.com/api/webhook_endpoints; the secret is never in these answers. */
export const webhookEndpointRoutes: Route[] = [
  route('GET /v1/webhook_endpoints', pageParams, ({ core, params }) =>
    pageOf('/v1/webhook_endpoints', 'webhook_endpoint', core.tables.webhookEndpoints.newestFirst(), params),
  ),
  route('GET /v1/webhook_endpoints/:id', {}, ({ core, id }) =>
    findRow(core.tables.webhookEndpoints, 'webhook endpoint', id, 'webhook_endpoint'),
  ),
  route(
    'POST /v1/webhook_endpoints/:id',
    { description: emptyable(text), disabled: boolean, enabled_events: arrayOf(text), metadata },
    ({ core, id, params }) => {
      const endpoint = findRow(core.tables.webhookEndpoints, 'webhook endpoint', id, 'webhook_endpoint');
      if (params.description !== undefined) endpoint.description = params.description;
      if (params.disabled !== undefined) endpoint.status = params.disabled ? 'disabled' : 'enabled';
      if (params.enabled_events !== undefined) endpoint.enabled_events = params.enabled_events;
      endpoint.metadata = mergeMetadata(endpoint.metadata, params.metadata);
      return endpoint;
    },
  ),
];

import type { ProductReads } from '#src/checklists/product-reads.ts';
import { SECOND_MS } from '#src/core/clock.ts';
import { keyWarnings, readApiKeys } from '#src/http/api/api-key.ts';
import { createApiRoute } from '#src/http/api-route.ts';
import { closeInMaintenance } from '#src/http/close-in-maintenance.ts';
import { createHealthRoute, type ReadComponent } from '#src/http/health-route.ts';
import { createMetricsRoute } from '#src/http/metrics-route.ts';
import type { Route } from '#src/http/server.ts';
import { statusRoutes } from '#src/http/status-routes.ts';
import { watchMaintenance } from '#src/maintenance/watch.ts';
import type { SlackSurface } from '#src/slack/create-surface.ts';
import type { RejectCounter } from '#src/webhooks/reject-counter.ts';
import { createWebhookRoute } from '#src/webhooks/webhook-route.ts';
import type { AppOptions } from './app-parts.ts';
import { type Role, takesRequests } from './role.ts';

/** What answers at which address; a worker only says how it is. */
export function routesOf(
  options: AppOptions,
  role: Role,
  parts: {
    slack: SlackSurface;
    health: Record<string, ReadComponent>;
    rejects: RejectCounter;
    productReads: ProductReads;
    wake(job: string): void;
  },
): Route[] {
  const { config, settings, database, clock, log } = options;
  const { slack, rejects, productReads, wake } = parts;
  const lookEveryMs = settings.health.every_seconds * SECOND_MS;
  const health = createHealthRoute({ database, clock, components: parts.health, lookEveryMs });
  const looks: Route[] = [
    { method: 'GET', path: '/metrics', handle: createMetricsRoute({ database, clock }) },
    { method: 'GET', path: '/health', handle: (_request, response) => health(response) },
  ];
  if (!takesRequests(role)) return looks;
  const webhook = createWebhookRoute({
    database,
    clock,
    log,
    secrets: config.stripe.webhookSecrets,
    mode: config.stripe.mode,
    rejects,
    onStored: () => wake('sync'),
  });
  const keys = readApiKeys(config.apiKeys, settings.api.keys);
  for (const sentence of keyWarnings(keys, settings.api.keys)) log.warn({ event: 'api_keys' }, sentence);
  const onChanged = () => wake('outbox');
  const api = createApiRoute({ keys, database, settings, clock, log, productReads, onChanged });
  const closable: Route[] = [
    { method: 'POST', path: '/api/billing/webhook', handle: webhook },
    { method: null, path: '/api/', handle: api },
  ];
  return [
    ...closeInMaintenance(closable, watchMaintenance(options)),
    { method: 'POST', path: '/slack/events', handle: slack.requestListener },
    ...statusRoutes({ database, settings, clock, publicUrl: config.publicUrl }),
    ...looks,
  ];
}

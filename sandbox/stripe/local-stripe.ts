import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { apiVersion } from './api-version.ts';
import { createApiListener } from './http/api-listener.ts';
import { createFaults } from './http/faults.ts';
import { createIdempotency } from './http/idempotency.ts';
import { createRequestLog } from './http/request-log.ts';
import type { LocalStripe, LocalStripeOptions } from './local-stripe-types.ts';
import type { StripeEvent } from './objects/event.ts';
import type { WebhookEndpoint } from './objects/webhook-endpoint.ts';
import { createPanelListener } from './panel/panel-listener.ts';
import { allRoutes } from './routes/all-routes.ts';
import { createTimers } from './timers.ts';
import { createDeliveries } from './webhooks/deliveries.ts';
import { deliveryControls, oldestFirst } from './webhooks/delivery-controls.ts';
import { liveModeRetries, testModeRetries } from './webhooks/retry-times.ts';
import { createWire } from './wire.ts';
import { seedCatalogue } from './world/catalogue.ts';
import { type Core, createCore } from './world/core.ts';
import { closeRefundedInquiries } from './world/dispute.ts';
import { createWorld } from './world/world.ts';

/** Starts a Stripe of our own on 127.0.0.1: its API, its events, its webhooks. See README.md. */
export async function startLocalStripe(options: LocalStripeOptions): Promise<LocalStripe> {
  const nowMs = options.now ?? Date.now;
  const livemode = options.livemode ?? false;
  const wire = createWire();
  const timers = createTimers();
  const log = createRequestLog();
  const secrets = [options.webhookSecret];
  const core: Core = createCore({
    nowMs,
    livemode,
    seed: options.seed ?? null,
    onEvent: (event) => onEvent(event),
    redeliver: (event) => void deliveries.attempt(event),
    onRefunded: (chargeId) => void closeInquiriesOf(chargeId),
  });
  const endpoint = core.tables.webhookEndpoints.add(newEndpoint(core, options.webhookUrl()));
  const deliveries = createDeliveries({
    core: () => core,
    endpoint: () => endpoint,
    url: options.webhookUrl,
    secrets: () => secrets,
    nowMs,
    retryDelaysMs: options.retryDelaysMs ?? (livemode ? liveModeRetries : testModeRetries),
    wire,
  });

  async function closeInquiriesOf(chargeId: string): Promise<void> {
    const afterMs = options.inquiryClosesAfterMs;
    if (afterMs !== undefined && (await timers.wait(afterMs))) closeRefundedInquiries(core, chargeId);
  }

  function onEvent(event: StripeEvent): void {
    endpoint.url = options.webhookUrl();
    if (endpoint.status === 'disabled' || !isWanted(endpoint, event.type)) return;
    event.pending_webhooks = 1;
    wire.changed();
    if (options.autoDeliver ?? true) deliveries.soon(event.id);
  }

  seedCatalogue(core);
  const server = createServer();
  const faults = createFaults(() => server.closeAllConnections());
  const desk = {
    core,
    routes: allRoutes,
    secretKey: options.secretKey,
    idempotency: createIdempotency(core.now),
  };
  const listener = createApiListener({ desk, faults, log, timers, wire, nowMs });
  server.on('connection', (socket) => {
    if (faults.isDown()) socket.destroy();
  });
  server.on('request', (request, response) => {
    listener(request, response).catch(() => request.socket.destroy());
  });
  const port = await listen(server, options.port ?? 0);

  const stripe: LocalStripe = {
    url: `http://127.0.0.1:${port}`,
    port,
    secretKey: options.secretKey,
    world: createWorld(core),
    endpoint,
    faults,
    wire,
    requests: log.entries,
    onRequest: log.onRequest,
    onAnswer: log.onAnswer,
    ...deliveryControls({ core, deliveries, secrets, wire }),
    get events() {
      return oldestFirst(core);
    },
    async close() {
      timers.stop();
      deliveries.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await deliveries.idle();
    },
    panelListener: createPanelListener(() => stripe),
  };
  return stripe;
}

function newEndpoint(core: Core, url: string): WebhookEndpoint {
  return {
    id: core.newId('webhookEndpoint'),
    object: 'webhook_endpoint',
    api_version: apiVersion,
    application: null,
    created: core.now(),
    description: 'Lucy',
    enabled_events: ['*'],
    livemode: core.livemode,
    metadata: {},
    status: 'enabled',
    url,
  };
}

function isWanted(endpoint: WebhookEndpoint, type: string): boolean {
  return endpoint.enabled_events.some((wanted) => wanted === '*' || wanted === type);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject);
      const { port: actual } = server.address() as AddressInfo;
      resolve(actual);
    });
  });
}

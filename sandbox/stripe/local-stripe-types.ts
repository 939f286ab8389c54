import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Faults } from './http/faults.ts';
import type { LoggedRequest, RequestHook } from './http/request-log.ts';
import type { StripeEvent } from './objects/event.ts';
import type { WebhookEndpoint } from './objects/webhook-endpoint.ts';
import type { DeliveryControls } from './webhooks/delivery-controls.ts';
import type { Wire } from './wire.ts';
import type { World } from './world/world.ts';

export type LocalStripeOptions = {
  /** The only key that is let in: `sk_test_…`. */
  secretKey: string;
  /** Asked before each delivery, because Lucy's port may be known only later. */
  webhookUrl: () => string;
  webhookSecret: string;
  /** Milliseconds; the system's clock unless a test turns its own. */
  now?: () => number;
  /** 0, any free port, unless told. */
  port?: number;
  livemode?: boolean;
  /** True unless told: every event is sent at once. False: events wait until `deliver`. */
  autoDeliver?: boolean;
  /** After a full refund the bank closes an inquiry this much later, in ms; without it, only a scenario does. */
  inquiryClosesAfterMs?: number;
  /** The same seed gives the same ids. */
  seed?: string;
  /** Pauses between automatic attempts; Stripe's take hours. */
  retryDelaysMs?: number[];
};

/** The local Stripe, as scenarios, the sandbox and tests use it. */
export type LocalStripe = DeliveryControls & {
  /** `http://127.0.0.1:…`, for STRIPE_API_BASE. */
  url: string;
  port: number;
  secretKey: string;
  world: World;
  /** Lucy's webhook endpoint as Stripe knows it; set `status` or `api_version` to stage a test. */
  endpoint: WebhookEndpoint;
  /** Every event so far, oldest first. */
  readonly events: StripeEvent[];
  faults: Faults;
  wire: Wire;
  /** Every API request so far, oldest first, at most the last 10,000. */
  requests: LoggedRequest[];
  onRequest(hook: RequestHook): () => void;
  onAnswer(hook: RequestHook): () => void;
  /** Answers /stripe/* for the sandbox's page. */
  panelListener(request: IncomingMessage, response: ServerResponse): Promise<void>;
  close(): Promise<void>;
};

export type { LoggedRequest, StripeEvent };

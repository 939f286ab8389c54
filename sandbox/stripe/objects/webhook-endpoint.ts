import type { Metadata } from './metadata.ts';

/** https://docs.stripe.com/api/webhook_endpoints/object; `secret` is only in the answer to create. */
export type WebhookEndpoint = {
  id: string;
  object: 'webhook_endpoint';
  api_version: string | null;
  application: null;
  created: number;
  description: string | null;
  enabled_events: string[];
  livemode: boolean;
  metadata: Metadata;
  status: 'disabled' | 'enabled';
  url: string;
};

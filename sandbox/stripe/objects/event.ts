/** https://docs.stripe.com/api/events/object: a snapshot of an object at the moment that it changed. */
export type StripeEvent = {
  id: string;
  object: 'event';
  api_version: string;
  created: number;
  data: { object: Record<string, unknown>; previous_attributes?: Record<string, unknown> };
  livemode: boolean;
  /** How many endpoints have not answered 2xx yet. */
  pending_webhooks: number;
  /** The API call that caused it; both null when Stripe itself or the Dashboard did. */
  request: { id: string | null; idempotency_key: string | null };
  type: string;
};

import { z } from 'zod';

const looseId = z
  .union([z.string(), z.object({ id: z.string() }).transform((object) => object.id)])
  .nullish()
  .catch(null);

/** Only what Lucy reads of an event; everything else stays in the stored bytes. */
const eventSchema = z.object({
  id: z.string().regex(/^evt_[A-Za-z0-9_]{1,120}$/),
  object: z.literal('event').optional(),
  type: z.string().min(1).max(200),
  created: z.number().int().nonnegative(),
  livemode: z.boolean(),
  account: z.string().nullish().catch(null),
  api_version: z.string().nullish().catch(null),
  request: z
    .object({ idempotency_key: z.string().nullish().catch(null) })
    .nullish()
    .catch(null),
  data: z.object({
    object: z.looseObject({
      id: z.string().nullish().catch(null),
      object: z.string().nullish().catch(null),
      customer: looseId,
    }),
  }),
});

export type StripeEvent = {
  id: string;
  type: string;
  /** Milliseconds; for people, never for ordering. */
  createdAt: number;
  mode: 'test' | 'live';
  account: string | null;
  apiVersion: string | null;
  objectId: string | null;
  stripeCustomerId: string | null;
  /** Our own call caused it, when its idempotency key starts with `lucy:`. */
  causedBy: string | null;
};

/** Thin notifications are signed the same but carry no object (docs.stripe.com/event-destinations). */
export function isThinEvent(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'object' in value && value.object === 'v2.core.event';
}

/** Null when it is not a Stripe event. */
export function readEvent(value: unknown): StripeEvent | null {
  const parsed = eventSchema.safeParse(value);
  if (!parsed.success) return null;
  const { data, request, ...event } = parsed.data;
  const key = request?.idempotency_key ?? null;
  return {
    id: event.id,
    type: event.type,
    createdAt: event.created * 1000,
    mode: event.livemode ? 'live' : 'test',
    account: event.account ?? null,
    apiVersion: event.api_version ?? null,
    objectId: data.object.id ?? null,
    stripeCustomerId: (data.object.object === 'customer' ? data.object.id : data.object.customer) ?? null,
    causedBy: key?.startsWith('lucy:') ? key : null,
  };
}

const hintSchema = z.object({
  data: z.object({
    object: z.looseObject({
      id: z.string().nullish().catch(null),
      object: z.string().nullish().catch(null),
      created: z.number().nullish().catch(null),
      invoice: looseId,
      payment_intent: looseId,
      charge: looseId,
      client_reference_id: z.string().nullish().catch(null),
      metadata: z.record(z.string(), z.string()).nullish().catch(null),
      customer_email: z.string().nullish().catch(null),
      email: z.string().nullish().catch(null),
    }),
  }),
});

/** What a stored event names, for the worker: objects to fetch, and proofs of whose Stripe customer it is. */
export type EventHint = {
  objectId: string | null;
  objectType: string | null;
  /** Milliseconds. */
  objectCreatedAt: number | null;
  invoiceId: string | null;
  paymentIntentId: string | null;
  chargeId: string | null;
  clientReferenceId: string | null;
  /** `metadata.lucy_customer`: our customer id, put there by our own product. */
  metadataCustomer: string | null;
  email: string | null;
};

export function readHint(payload: string): EventHint {
  const { object } = hintSchema.parse(JSON.parse(payload)).data;
  return {
    objectId: object.id ?? null,
    objectType: object.object ?? null,
    objectCreatedAt: typeof object.created === 'number' ? object.created * 1000 : null,
    invoiceId: object.invoice ?? null,
    paymentIntentId: object.payment_intent ?? null,
    chargeId: (object.object === 'charge' ? object.id : object.charge) ?? null,
    clientReferenceId: object.client_reference_id ?? null,
    metadataCustomer: object.metadata?.lucy_customer ?? null,
    email: object.customer_email ?? object.email ?? null,
  };
}

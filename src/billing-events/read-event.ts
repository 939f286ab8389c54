import { z } from 'zod';

const looseId = z
  .union([z.string(), z.object({ id: z.string() }).transform((object) => object.id)])
  .nullish()
  .catch(null);

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

/**
 * Only what Lucy reads of an event; everything else stays in the stored bytes. Null when it is not a Stripe event. By
 * hand, because every webhook passes here, and a schema costs as much as the parsing itself.
 */
export function readEvent(value: unknown): StripeEvent | null {
  const event = fieldsOf(value);
  const object = fieldsOf(fieldsOf(event?.data)?.object);
  if (!event || !object) return null;
  const { id, type, created, livemode } = event;
  if (typeof id !== 'string' || !/^evt_[A-Za-z0-9_]{1,120}$/.test(id)) return null;
  if (event.object !== undefined && event.object !== 'event') return null;
  if (typeof type !== 'string' || type.length === 0 || type.length > 200) return null;
  if (!Number.isSafeInteger(created) || Number(created) < 0 || typeof livemode !== 'boolean') return null;
  const objectId = textOf(object.id);
  const key = textOf(fieldsOf(event.request)?.idempotency_key);
  return {
    id,
    type,
    createdAt: Number(created) * 1000,
    mode: livemode ? 'live' : 'test',
    account: textOf(event.account),
    apiVersion: textOf(event.api_version),
    objectId,
    stripeCustomerId:
      object.object === 'customer'
        ? objectId
        : (textOf(object.customer) ?? textOf(fieldsOf(object.customer)?.id)),
    causedBy: key?.startsWith('lucy:') ? key : null,
  };
}

function fieldsOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
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

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

/** What a stored event names, for the worker: objects to fetch, and proofs of whose Stripe customer it is. */
export type EventHint = {
  objectId: string | null;
  objectType: string | null;
  /** Milliseconds. */
  objectCreatedAt: number | null;
  invoiceId: string | null;
  /** Of a subscription. */
  latestInvoiceId: string | null;
  paymentIntentId: string | null;
  chargeId: string | null;
  clientReferenceId: string | null;
  /** `metadata.lucy_customer`: our customer id, put there by our own product. */
  metadataCustomer: string | null;
  email: string | null;
};

/** By hand, too: every pass reads one for each of its events. */
export function readHint(payload: string): EventHint {
  const object = fieldsOf(fieldsOf(fieldsOf(JSON.parse(payload))?.data)?.object);
  if (!object) throw new Error('The event carries no object');
  const objectId = textOf(object.id);
  return {
    objectId,
    objectType: textOf(object.object),
    objectCreatedAt: typeof object.created === 'number' ? object.created * 1000 : null,
    invoiceId: idOf(object.invoice),
    latestInvoiceId: idOf(object.latest_invoice),
    paymentIntentId: idOf(object.payment_intent),
    chargeId: (object.object === 'charge' ? objectId : null) ?? idOf(object.charge),
    clientReferenceId: textOf(object.client_reference_id),
    metadataCustomer: textOf(fieldsOf(object.metadata)?.lucy_customer),
    email: textOf(object.customer_email) ?? textOf(object.email),
  };
}

/** An id, or the object itself where Stripe was asked to expand it. */
function idOf(value: unknown): string | null {
  return textOf(value) ?? textOf(fieldsOf(value)?.id);
}

const hints = new WeakMap<{ payload: string }, EventHint>();

/** The same of one row, which several look at in one pass: its payload is parsed once. */
export function hintOf(event: { payload: string }): EventHint {
  const known = hints.get(event) ?? readHint(event.payload);
  hints.set(event, known);
  return known;
}

import type { StripeEvent } from '../objects/event.ts';
import type { Core } from '../world/core.ts';
import { oldInvoice } from './old-invoice.ts';
import { oldCharge, oldPaymentIntent } from './old-payment.ts';
import { oldPreviousAttributes, oldSubscription } from './old-subscription.ts';

type Json = Record<string, unknown>;

/** Objects that looked different before 2025-03-31.basil; all others are the same as far as anyone reads them. */
const oldShapes: Record<string, (core: Core, object: Json) => Json> = {
  charge: oldCharge,
  invoice: oldInvoice,
  payment_intent: oldPaymentIntent,
  subscription: (_core, object) => oldSubscription(object),
};

/** Renders an event as an endpoint with an older version gets it, for tests of version skew. */
export function renderOldEvent(core: Core, event: StripeEvent, version: string): StripeEvent {
  const snapshot: Json = JSON.parse(JSON.stringify(event.data.object));
  const reshape = oldShapes[String(snapshot.object)];
  const object = reshape ? reshape(core, snapshot) : snapshot;
  const previous = event.data.previous_attributes;
  return {
    ...event,
    api_version: version,
    data: previous ? { object, previous_attributes: oldPreviousAttributes(previous) } : { object },
  };
}

import type { IncomingEvent } from '#db/event-intake.ts';
import { ruleOf } from './event-types.ts';
import type { StripeEvent } from './read-event.ts';

type Arrival = Pick<
  IncomingEvent,
  'receivedAt' | 'source' | 'secretSlot' | 'signatureHeader' | 'payload' | 'payloadSha256' | 'correlationId'
> & { mode: 'test' | 'live' };

/** An event as the inbox takes it, whichever way it came. `mode` is the one that this Lucy runs in. */
export function takeEvent(event: StripeEvent, { mode, ...arrival }: Arrival): IncomingEvent {
  return {
    ...event,
    ...arrival,
    status: statusOf(mode, event),
    dirtyPriority: ruleOf(event.type)?.priority ?? 9,
  };
}

function statusOf(mode: 'test' | 'live', event: StripeEvent): IncomingEvent['status'] {
  // A Connect account's event, or the other mode's: kept apart, without effect.
  if (event.mode !== mode || event.account !== null) return 'quarantined';
  return ruleOf(event.type) ? 'received' : 'ignored';
}

import type { StripeEvent } from '../objects/event.ts';
import type { WireRecorder } from '../wire.ts';
import type { Core } from '../world/core.ts';
import { requireRow } from '../world/require.ts';
import type { Attempt, Deliveries, Signing } from './deliveries.ts';

export type DeliverOptions = Signing & {
  /** 1 unless told. */
  times?: number;
  /** All at once, or one after the other. */
  concurrently?: boolean;
};

export type DeliveryControls = {
  /** Those of one type, oldest first. */
  eventsOf(type: string): StripeEvent[];
  /** The newest event, or the newest of a type; throws when there is none. */
  lastEvent(type?: string): StripeEvent;
  /** Sends an event now, also when webhooks are being lost; answers with what came back. */
  deliver(eventId: string, options?: DeliverOptions): Promise<Attempt[]>;
  /** Sends every event that is still pending, oldest first, one after the other. */
  deliverPending(): Promise<Attempt[]>;
  /** A signed webhook to send oneself; a text is signed as it is. */
  signed(event: StripeEvent | string, signing?: Signing): { body: string; headers: Record<string, string> };
  attemptsOf(eventId: string): readonly Attempt[];
  /** When Stripe tries again by itself (milliseconds), or null. */
  nextAttemptAt(eventId: string): number | null;
  /** Makes the automatic retries whose time has come. */
  deliverDue(): Promise<void>;
  /** From now on automatic deliveries never arrive. `untraced`: Stripe even believes that they did. */
  loseWebhooks(lose: boolean, how?: { untraced?: boolean }): void;
  isLosingWebhooks(): boolean;
  /** A new signing secret; with `keepOld` both sign, as in the day that a roll takes. */
  rollWebhookSecret(secret: string, how?: { keepOld?: boolean }): void;
  /** Resolves when no delivery is under way. */
  idle(): Promise<void>;
};

export function oldestFirst(core: Core): StripeEvent[] {
  return core.tables.events.newestFirst().reverse();
}

/** What tests and the panel do with events and their deliveries. */
export function deliveryControls({
  core,
  deliveries,
  secrets,
  wire,
}: {
  core: Core;
  deliveries: Deliveries;
  secrets: string[];
  wire: WireRecorder;
}): DeliveryControls {
  const events = () => oldestFirst(core);
  const deliver: DeliveryControls['deliver'] = async (eventId, options = {}) => {
    const event = requireRow(core.tables.events, 'event', eventId);
    const { times = 1, concurrently = false, ...signing } = options;
    const send = () => deliveries.attempt(event, signing);
    if (concurrently) return Promise.all(Array.from({ length: times }, send));
    const attempts: Attempt[] = [];
    for (let done = 0; done < times; done += 1) attempts.push(await send());
    return attempts;
  };
  return {
    eventsOf: (type) => events().filter((event) => event.type === type),
    lastEvent(type) {
      const found = core.tables.events.newestFirst().find((event) => !type || event.type === type);
      if (!found) throw new Error(`There is no event${type ? ` of type ${type}` : ''} yet.`);
      return found;
    },
    deliver,
    async deliverPending() {
      const attempts: Attempt[] = [];
      for (const event of events()) {
        if (event.pending_webhooks > 0) attempts.push(...(await deliver(event.id)));
      }
      return attempts;
    },
    signed: deliveries.signed,
    attemptsOf: deliveries.attemptsOf,
    nextAttemptAt: deliveries.nextAttemptAt,
    async deliverDue() {
      deliveries.deliverDue();
      await deliveries.idle();
    },
    loseWebhooks(lose, how = {}) {
      deliveries.lose(lose ? (how.untraced ? 'untraced' : 'failed') : null);
      wire.changed();
    },
    isLosingWebhooks: () => deliveries.losing() !== null,
    rollWebhookSecret(secret, how = {}) {
      secrets.splice(0, secrets.length, secret, ...(how.keepOld ? secrets.slice(0, 1) : []));
    },
    idle: deliveries.idle,
  };
}

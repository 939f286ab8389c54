import { apiVersion } from '../api-version.ts';
import type { StripeEvent } from '../objects/event.ts';
import { createNewId, type NewId } from './new-id.ts';
import { previousAttributes } from './previous-attributes.ts';
import { fullSnapshotOf } from './snapshot.ts';
import { createTables, type Tables } from './tables.ts';

/** What every verb of the world works with: the account's objects, time, ids, and the way to tell of a change. */
export type Core = {
  tables: Tables;
  livemode: boolean;
  /** Unix seconds. */
  now(): number;
  newId: NewId;
  emit(type: string, object: { object: string }, previous?: Record<string, unknown>): void;
  /** A charge went back in full. */
  onRefunded(chargeId: string): void;
  /** Sends an event to the endpoint once more. */
  redeliver(event: StripeEvent): void;
  /** Edits an object and tells of it, with the former values; tells nothing when nothing changed. */
  change<T extends { object: string }, R>(type: string, object: T, edit: (object: T) => R): R;
  /** Everything inside happens at another time, for a past that the account should have. */
  at<T>(unixSeconds: number, act: () => T): T;
  /** Everything inside happens without an event: Stripe admits that some events are never generated. */
  withoutEvents<T>(act: () => T): T;
  /** Events inside name this API call as their cause. */
  causedBy<T>(request: StripeEvent['request'], act: () => T): T;
};

export function createCore(options: {
  nowMs: () => number;
  livemode: boolean;
  seed: string | null;
  onEvent: (event: StripeEvent) => void;
  redeliver: (event: StripeEvent) => void;
  onRefunded: (chargeId: string) => void;
}): Core {
  const tables = createTables();
  const newId = createNewId(options.seed, options.livemode);
  let movedTo: number | null = null;
  const now = () => movedTo ?? Math.floor(options.nowMs() / 1000);
  let silent = 0;
  let request: StripeEvent['request'] = { id: null, idempotency_key: null };

  const emit: Core['emit'] = (type, object, previous) => {
    if (silent > 0) return;
    const snapshot = fullSnapshotOf(object);
    const event: StripeEvent = {
      id: newId('event'),
      object: 'event',
      api_version: apiVersion,
      created: now(),
      data: previous ? { object: snapshot, previous_attributes: previous } : { object: snapshot },
      livemode: options.livemode,
      pending_webhooks: 0,
      request: { ...request },
      type,
    };
    tables.events.add(event);
    options.onEvent(event);
  };

  return {
    tables,
    livemode: options.livemode,
    now,
    newId,
    emit,
    redeliver: options.redeliver,
    onRefunded: options.onRefunded,
    change(type, object, edit) {
      const before = fullSnapshotOf(object);
      const result = edit(object);
      const previous = previousAttributes(before, fullSnapshotOf(object));
      if (previous) emit(type, object, previous);
      return result;
    },
    at(unixSeconds, act) {
      const before = movedTo;
      movedTo = unixSeconds;
      try {
        return act();
      } finally {
        movedTo = before;
      }
    },
    withoutEvents(act) {
      silent += 1;
      try {
        return act();
      } finally {
        silent -= 1;
      }
    },
    causedBy(cause, act) {
      const before = request;
      request = cause;
      try {
        return act();
      } finally {
        request = before;
      }
    },
  };
}

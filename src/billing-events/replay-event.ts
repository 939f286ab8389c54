import type { Sql } from '#db/connection.ts';
import { markDirty } from '#db/customer-sync.ts';
import { findStripeEvent, insertEventIfNew, type StripeEventRow, updateEvent } from '#db/stripe-events.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import { sha256 } from '#src/core/fingerprint.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import { ruleOf } from './event-types.ts';
import { readEvent } from './read-event.ts';

/** Somebody watches: before everything else. */
const PRIORITY_REPLAY = 0;

/** The event from our own inbox, or as Stripe still keeps it (30 days). */
export async function findForReplay(
  sql: Sql,
  stripe: StripeGateway | null,
  id: string,
): Promise<{ row: StripeEventRow | null; payload: string | null }> {
  const row = await findStripeEvent(sql, id);
  if (row) return { row, payload: null };
  if (!stripe) {
    throw new UserError(
      'unavailable',
      `Event ${id} is not in our inbox, and without STRIPE_SECRET_KEY Lucy cannot ask Stripe for it.`,
      'Set STRIPE_SECRET_KEY, or replay it from Slack.',
    );
  }
  const payload = await stripe.getEvent(id);
  if (payload) return { row: null, payload };
  throw new UserError(
    'not_found',
    `Neither our inbox nor Stripe has an event ${id}; Stripe keeps events for 30 days.`,
    'To bring the customer up to date without the event: tier reset EMAIL',
    { event: 'There is no such event.' },
  );
}

/**
 * Sends an event through the same road as the first time. State is fetched anew and money is keyed on its object, so
 * replaying what was handled already changes nothing.
 */
export async function replayEvent(
  sql: Sql,
  cause: Cause,
  found: { row: StripeEventRow | null; payload: string | null },
): Promise<void> {
  const row = found.row ?? rowOf(cause, found.payload ?? '');
  if (found.row) {
    await updateEvent(sql, row.id, {
      status: 'received',
      attempts: 0,
      next_attempt_at: cause.now,
      error: null,
      correlation_id: cause.correlationId,
    });
  } else await insertEventIfNew(sql, row);
  if (row.stripe_customer_id) await markDirty(sql, row.stripe_customer_id, PRIORITY_REPLAY);
}

function rowOf(cause: Cause, payload: string): StripeEventRow {
  const event = readEvent(JSON.parse(payload));
  if (!event) throw new Error('Stripe’s Events API answered with something that is no event');
  return {
    id: event.id,
    mode: event.mode,
    account: event.account,
    api_version: event.apiVersion,
    type: event.type,
    object_id: event.objectId,
    stripe_customer_id: event.stripeCustomerId,
    created_at: event.createdAt,
    received_at: cause.now,
    source: 'replay',
    delivery_count: 0,
    secret_slot: null,
    signature_header: null,
    payload,
    payload_sha256: sha256(payload),
    status: 'received',
    attempts: 0,
    away_attempts: 0,
    dead_count: 0,
    next_attempt_at: cause.now,
    error: null,
    outcome: null,
    caused_by: event.causedBy,
    correlation_id: cause.correlationId,
    processed_at: null,
  };
}

/** Whether a replay can do anything for this type at all. */
export function canReplay(type: string): boolean {
  return ruleOf(type) !== undefined;
}

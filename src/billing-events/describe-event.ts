import type { EntitlementChangeRow } from '#db/entitlements.ts';
import type { StripeEventRow, StripeEventStatus } from '#db/stripe-events.ts';
import { isoTime } from '#src/core/clock.ts';
import { counted } from '#src/core/text.ts';
import type { Fact, Reply, Value } from '#src/replies/reply.ts';
import { ruleOf } from './event-types.ts';

const statusWords: Record<StripeEventStatus, string> = {
  received: 'was received and waits for its turn',
  waiting: 'waits, because its Stripe customer is linked to nobody',
  done: 'was handled',
  ignored: 'was stored and ignored: Lucy does not act on this type',
  deferred: 'was stored for a part of Lucy that is still to come; it had no effect',
  failed: 'failed and will be tried again',
  dead: 'failed for good: a person must look',
  quarantined: 'was set apart: it is of another mode or account',
};

const cameBy: Record<StripeEventRow['source'], string> = {
  webhook: 'By webhook',
  poll: 'Lucy asked Stripe; no webhook had brought it',
  replay: 'Fetched from Stripe for a replay',
};

/** One event in words: what became of it, and what it changed. */
export function describeEvent(event: StripeEventRow, changes: readonly EntitlementChangeRow[]): Reply {
  const rule = ruleOf(event.type);
  const facts: Fact[] = [
    { label: 'Type', value: { code: event.type } },
    { label: 'Means', value: rule?.why ?? 'Nothing to Lucy' },
    {
      label: 'Stripe customer',
      value: event.stripe_customer_id ? { code: event.stripe_customer_id } : 'Not named',
    },
    { label: 'Object', value: event.object_id ? { code: event.object_id } : 'None' },
    { label: 'Received', value: { at: event.received_at } },
    { label: 'Came', value: cameBy[event.source] },
    { label: 'Deliveries', value: counted(event.delivery_count, 'delivery', 'deliveries') },
    { label: 'Tries', value: String(event.attempts) },
  ];
  if (event.outcome) facts.push({ label: 'Outcome', value: event.outcome });
  if (event.error) facts.push({ label: 'Last error', value: event.error });
  if (event.pruned_at)
    facts.push({ label: 'Payload', value: 'Thrown away for its age; only the ids are kept' });
  if (event.processed_at) facts.push({ label: 'Handled', value: { at: event.processed_at } });
  const rows: Value[][] = changes.map((change) => [
    { at: change.at },
    `${change.from_tier} → ${change.to_tier}`,
    `${change.from_access} → ${change.to_access}`,
  ]);
  return {
    tone: event.status === 'dead' || event.status === 'failed' ? 'warning' : 'info',
    title: `${event.id} ${statusWords[event.status]}.`,
    facts,
    sections: [
      {
        heading: 'Entitlement changes',
        table: { columns: ['When', 'Tier', 'Access'], rows },
        empty: 'None.',
      },
    ],
    ...(event.status === 'waiting'
      ? { hint: `Link it: customer link EMAIL ${event.stripe_customer_id ?? 'cus_…'}` }
      : {}),
    buttons: rule ? [{ kind: 'command', label: 'Replay', line: `webhook replay ${event.id}` }] : [],
    json: {
      id: event.id,
      type: event.type,
      status: event.status,
      mode: event.mode,
      stripeCustomer: event.stripe_customer_id,
      object: event.object_id,
      deliveries: event.delivery_count,
      attempts: event.attempts,
      outcome: event.outcome,
      error: event.error,
      receivedAt: isoTime(event.received_at),
      processedAt: event.processed_at ? isoTime(event.processed_at) : null,
      correlationId: event.correlation_id,
      changes: changes.map((change) => ({
        from: change.from_tier,
        to: change.to_tier,
        at: isoTime(change.at),
      })),
    },
  };
}

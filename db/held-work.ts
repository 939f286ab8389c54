import type { Sql } from './connection.ts';
import type { StripeEffectRow } from './stripe-effects.ts';

/**
 * What was on its way to Stripe then may have arrived since: it waits for a person. Without a time for its next look no
 * worker takes it, and as `queued` no webhook wakes it. `resend_at` tells those apart of which a request may have gone out;
 * what was never sent has none.
 */
export async function holdUnsentEffects(sql: Sql): Promise<number> {
  const held = { next_attempt_at: null, lease_token: null, lease_until: null };
  await sql('stripe_effects')
    .whereIn('state', ['sending', 'unknown'])
    .update({ ...held, state: 'queued', resend_at: sql.raw('coalesce(resend_at, created_at)') });
  // What an earlier restore held stays as it is.
  return sql('stripe_effects').where({ state: 'queued' }).update(held);
}

/** No clock comes as far: under this lease nobody takes it, until a person lets it go. */
const HELD_UNTIL = 8_000_000_000_000_000;

/** Imports and their reversals that were being worked through then. */
export async function holdBatches(sql: Sql): Promise<number> {
  return sql('batches').where({ state: 'running' }).update({ lease_token: null, lease_until: HELD_UNTIL });
}

/** Repairs that were asked for then, and not done yet. */
export async function holdRepairs(sql: Sql): Promise<number> {
  return toRepair(sql).update({ next_attempt_at: HELD_UNTIL, lease_token: null, lease_until: 0 });
}

function toRepair(sql: Sql) {
  return sql('reconcile_findings').whereRaw("state = 'open' and apply_run is not null");
}

const heldBatches = (sql: Sql) => sql('batches').where({ state: 'running', lease_until: HELD_UNTIL });
const heldRepairs = (sql: Sql) => toRepair(sql).where({ next_attempt_at: HELD_UNTIL });

/** Held besides what is for Stripe: batches by what they work through, and how many repairs. */
export async function readHeldWork(
  sql: Sql,
): Promise<{ batches: { id: string; command: string; subject: string }[]; repairs: number }> {
  const batches = await heldBatches(sql).orderBy('id').select('id', 'command', 'subject');
  const row = await heldRepairs(sql).count({ total: '*' }).first();
  return { batches, repairs: Number((row as { total?: number } | undefined)?.total ?? 0) };
}

export async function releaseHeldWork(sql: Sql, now: number): Promise<void> {
  await heldBatches(sql).update({ lease_until: null });
  await heldRepairs(sql).update({ next_attempt_at: now });
}

export type HeldEffect = StripeEffectRow & { email: string | null };

/** In the order in which they go on. */
export async function listHeldEffects(sql: Sql, limit: number): Promise<HeldEffect[]> {
  return sql('stripe_effects as e')
    .leftJoin('customers as c', 'c.id', 'e.customer_id')
    .where('e.state', 'queued')
    .whereNull('e.next_attempt_at')
    .orderBy(['e.id'])
    .limit(limit)
    .select('e.*', 'c.email');
}

/**
 * What was never sent is queued as before, so that whatever bars it by now bars it; what may have been sent goes on as one
 * of which nobody knows whether Stripe took it. Both are looked for there before anything is sent.
 */
export async function releaseHeldEffects(sql: Sql, ids: readonly string[], now: number): Promise<number> {
  const held = () =>
    sql('stripe_effects')
      .whereIn('id', [...ids])
      .where({ state: 'queued' })
      .whereNull('next_attempt_at');
  const unsure = await held()
    .whereNotNull('resend_at')
    .update({ state: 'unknown', next_attempt_at: now, resend_at: now });
  return unsure + (await held().update({ next_attempt_at: now }));
}

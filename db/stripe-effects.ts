import { engineOf, type Sql } from './connection.ts';

export type StripeEffectKind = 'refund' | 'cancel_subscription' | 'close_dispute' | 'submit_evidence';

export type StripeEffectState =
  | 'queued' // to be sent
  | 'sending' // being sent by whoever holds the lease
  | 'unknown' // sent, and nobody knows yet whether Stripe took it
  | 'sent' // Stripe took it, and has not confirmed it
  | 'confirmed'
  | 'failed'
  | 'skipped';

export type StripeEffectRow = {
  id: string;
  run_id: string;
  seq: number;
  kind: StripeEffectKind;
  state: StripeEffectState;
  /** The charge, the subscription or the dispute that it acts on. */
  target_id: string;
  /** JSON text: what is wanted, and why (who asked, who approved, the reason). */
  params: string;
  cause: string;
  generation: number;
  /** 5xx answers under the present generation's key. */
  server_errors: number;
  object_id: string | null;
  stripe_status: string | null;
  /** Why it is pending, or why it failed, in Stripe's own word. */
  stripe_reason: string | null;
  /** How often it was sent. */
  attempts: number;
  /** Failures in a row, of sending or of looking. */
  troubles: number;
  next_attempt_at: number | null;
  resend_at: number | null;
  wakes: number;
  lease_token: string | null;
  lease_until: number | null;
  last_error: string | null;
  failure: string | null;
  customer_id: string | null;
  stripe_customer_id: string | null;
  correlation_id: string;
  created_at: number;
  first_sent_at: number | null;
  /** When it was seen that Stripe has it. */
  sent_at: number | null;
  confirmed_at: number | null;
  /** When it came into the last of its final states. */
  ended_at: number | null;
  escalated_at: number | null;
};

export async function insertStripeEffect(sql: Sql, row: StripeEffectRow): Promise<void> {
  await sql('stripe_effects').insert(row);
}

/** In their order. */
export async function listEffectsOfRun(sql: Sql, runId: string): Promise<StripeEffectRow[]> {
  return sql<StripeEffectRow>('stripe_effects').where({ run_id: runId }).orderBy('seq');
}

const CLAIM_LOCK = 7_305_819_202;

/**
 * Takes the effect that waits longest for a look, with a lease. One whose predecessor in the run Stripe has not taken
 * yet is not ready, nor is one whose charge or subscription another effect is being sent to: each must see what the
 * other did. The outer predicate is repeated, so that of two claims one wins.
 */
export async function claimStripeEffect(
  sql: Sql,
  token: string,
  now: number,
  leaseUntil: number,
): Promise<StripeEffectRow | undefined> {
  // Two claims at one moment would not see each other’s lease.
  if (engineOf(sql) === 'postgres') await sql.raw('select pg_advisory_xact_lock(?)', [CLAIM_LOCK]);
  const next = sql('stripe_effects as e')
    .select('e.id')
    .whereIn('e.state', ['queued', 'sending', 'unknown', 'sent', 'confirmed'])
    .where('e.next_attempt_at', '<=', now)
    .where((free) => free.whereNull('e.lease_until').orWhere('e.lease_until', '<', now))
    .whereNotExists(
      sql('stripe_effects as p')
        .whereRaw('p.run_id = e.run_id and p.seq < e.seq')
        .whereIn('p.state', ['queued', 'sending', 'unknown'])
        .select(sql.raw('1')),
    )
    .whereNotExists(
      sql('stripe_effects as o')
        .whereRaw(
          "o.target_id = e.target_id and o.id <> e.id and e.state in ('queued', 'sending', 'unknown')",
        )
        .where((busy) =>
          busy
            .whereIn('o.state', ['sending', 'unknown'])
            .orWhere((leased) => leased.where('o.state', 'queued').where('o.lease_until', '>=', now)),
        )
        // The one that was sent first goes first, so that two of them never wait for each other.
        .whereRaw("(e.state = 'queued' or o.id < e.id)")
        .select(sql.raw('1')),
    )
    .orderBy(['e.next_attempt_at', 'e.id'])
    .limit(1);
  if (engineOf(sql) === 'postgres') next.forUpdate('e').skipLocked();
  const rows: StripeEffectRow[] = await sql('stripe_effects')
    .where('id', next)
    .where((free) => free.whereNull('lease_until').orWhere('lease_until', '<', now))
    .update({ lease_token: token, lease_until: leaseUntil })
    .returning('*');
  return rows[0];
}

/**
 * Changes an effect that is held; undefined when the lease was lost, and then nothing may be kept. A wish for another
 * look that came meanwhile (`wakes` rose since the claim) outlives `next_attempt_at`.
 */
export async function updateHeldEffect(
  sql: Sql,
  held: { id: string; token: string; wakes: number },
  patch: Partial<StripeEffectRow>,
): Promise<StripeEffectRow | undefined> {
  const { next_attempt_at: next, ...rest } = patch;
  const when =
    next === undefined
      ? {}
      : {
          next_attempt_at: sql.raw('case when wakes > ? then next_attempt_at else cast(? as bigint) end', [
            held.wakes,
            next,
          ]),
        };
  const rows: StripeEffectRow[] = await sql('stripe_effects')
    .where({ id: held.id, lease_token: held.token })
    .update({ ...rest, ...when })
    .returning('*');
  return rows[0];
}

/** Something about these objects changed at Stripe: whatever is not over is looked at again now. */
export async function wakeStripeEffects(
  sql: Sql,
  now: number,
  objectIds: readonly string[],
  targetIds: readonly string[],
): Promise<void> {
  await sql('stripe_effects')
    .whereIn('state', ['sending', 'unknown', 'sent', 'confirmed'])
    .where((its) => its.whereIn('object_id', [...objectIds]).orWhereIn('target_id', [...targetIds]))
    .update({ next_attempt_at: now, wakes: sql.raw('wakes + 1') });
}

/** Refunds of ours that ended, newest first: the credits of their payments have to follow. */
export async function listEndedRefunds(
  sql: Sql,
  stripeCustomerId: string,
  limit: number,
): Promise<StripeEffectRow[]> {
  return sql<StripeEffectRow>('stripe_effects')
    .where({ stripe_customer_id: stripeCustomerId, kind: 'refund' })
    .whereNotNull('ended_at')
    .orderBy('ended_at', 'desc')
    .limit(limit);
}

/** By what Stripe made of them, such as `re_…`. */
export async function listEffectsOfObject(sql: Sql, objectId: string): Promise<StripeEffectRow[]> {
  return sql<StripeEffectRow>('stripe_effects').where({ object_id: objectId }).limit(5);
}

/** What is to be done to this charge or subscription, and is not seen at Stripe yet. */
export async function listOpenEffectsOn(sql: Sql, targetId: string): Promise<StripeEffectRow[]> {
  return sql<StripeEffectRow>('stripe_effects')
    .where({ target_id: targetId })
    .whereIn('state', ['queued', 'sending', 'unknown'])
    .orderBy('id')
    .limit(20);
}

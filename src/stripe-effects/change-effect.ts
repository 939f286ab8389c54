import type { Sql } from '#db/connection.ts';
import { withdrawDecision } from '#db/disputes.ts';
import { type StripeEffectRow, updateHeldEffect } from '#db/stripe-effects.ts';
import { inTransaction } from '#db/transaction.ts';
import { recordAudit } from '#src/audit/record.ts';
import { stripeActor } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import { settleFinding } from '#src/findings/open.ts';
import { type EffectsDeps, type Held, LeaseLost } from './deps.ts';
import { describeEffect } from './describe-effect.ts';
import { followUp } from './follow-up.ts';
import { raiseUnconfirmed } from './unconfirmed.ts';
import { disputeOf, readKeptCause, readWanted } from './wanted-effect.ts';

/**
 * One step of an effect, in one transaction under its lease: the row, the audit of what money did, what people are
 * shown, and what follows from its end.
 *
 * @throws LeaseLost when somebody else holds it by now; nothing was kept
 */
export async function changeEffect(
  deps: EffectsDeps,
  held: Held,
  patch: Partial<StripeEffectRow>,
): Promise<StripeEffectRow> {
  const before = held.effect;
  const after = await inTransaction(deps.database, async (sql) => {
    const now = deps.clock.now();
    const key = { id: before.id, token: held.token, wakes: held.wakes };
    const row = await updateHeldEffect(sql, key, patch);
    if (!row) throw new LeaseLost();
    const cause = causeOf(row, now);
    const isOverdueNow = row.escalated_at !== null && before.escalated_at === null;
    if (isOverdueNow) await raiseUnconfirmed(sql, cause, row);
    if (row.state !== before.state) await afterStep(sql, cause, before, row);
    if (isSeen(before, row)) await deps.onChange(sql, cause, row, before.state);
    deps.crashPoint?.('effect about to commit', row);
    return row;
  });
  if (isSeen(before, after)) log(deps, before, after);
  return after;
}

/** Whoever asked sends it, whenever that is; what then becomes of it, Stripe says. */
function causeOf(row: StripeEffectRow, now: number): Cause {
  const kept = readKeptCause(row);
  const isStripes = row.state === 'confirmed' || (row.state === 'failed' && row.sent_at !== null);
  return {
    ...kept,
    actor: isStripes ? stripeActor : kept.actor,
    surface: 'job',
    correlationId: row.correlation_id,
    runId: row.run_id,
    now,
  };
}

/** Another state, or another word of Stripe's about the same one. */
function isSeen(before: StripeEffectRow, after: StripeEffectRow): boolean {
  return (
    after.state !== before.state ||
    after.stripe_status !== before.stripe_status ||
    after.stripe_reason !== before.stripe_reason ||
    after.escalated_at !== before.escalated_at
  );
}

async function afterStep(
  sql: Sql,
  cause: Cause,
  before: StripeEffectRow,
  after: StripeEffectRow,
): Promise<void> {
  const { state } = after;
  if (state === 'queued' || state === 'sending' || state === 'unknown') return;
  await recordAudit(sql, cause, {
    command: `stripe ${after.kind.replaceAll('_', ' ')}`,
    outcome: state === 'failed' ? 'failed' : 'done',
    customerId: after.customer_id,
    input: { effect: after.id, ...JSON.parse(after.params) },
    before: { state: before.state },
    after: { state, object: after.object_id, stripe: describeEffect(after) },
  });
  if (state === 'sent') return;
  if (state !== 'confirmed') await withdrawAnswer(sql, after);
  await settleFinding(sql, 'effect_unconfirmed', after.id, cause.now);
  await followUp(sql, after);
}

/** What came to nothing must not bar another answer. */
async function withdrawAnswer(sql: Sql, effect: StripeEffectRow): Promise<void> {
  const disputeId = disputeOf(readWanted(effect));
  if (disputeId !== null) await withdrawDecision(sql, disputeId, effect.run_id);
}

function log(deps: EffectsDeps, before: StripeEffectRow, after: StripeEffectRow): void {
  deps.log.info(
    {
      event: 'stripe_effect',
      action: `${after.kind}_${after.state}`,
      correlationId: after.correlation_id,
      effect: after.id,
      run: after.run_id,
      from: before.state,
      to: after.state,
      object: after.object_id,
      attempts: after.attempts,
    },
    'stripe_effect',
  );
}

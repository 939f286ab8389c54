import { type Ended, workTogether } from '#db/sync-batch.ts';
import { HeldElsewhere, holdBriefly, holdEvents } from '#db/sync-holds.ts';
import { inTransaction } from '#db/transaction.ts';
import type { Cause } from '#src/core/cause.ts';
import { changeLog } from '#src/entitlements/announce.ts';
import type { BillingDeps } from './deps.ts';
import { aheadOf } from './read-ahead.ts';
import { LeaseLost, type Pass, type Written, writePass } from './write-pass.ts';

/**
 * Everything of one pass in one transaction that holds the lease. `isBrief`: where somebody holds its rows for long, it
 * does not wait, and that is thrown as `HeldElsewhere`.
 */
export async function commitSync(
  deps: BillingDeps,
  cause: Cause,
  pass: Pass,
  { isBrief = false } = {},
): Promise<void> {
  const { claim, owner } = pass;
  const eventIds = pass.events.map(({ id }) => id);
  const written = await inTransaction(deps.database, async (sql) => {
    if (isBrief)
      await holdBriefly(sql, { eventIds, stripeCustomerId: claim.stripe_customer_id, customerId: owner.id });
    else await holdEvents(sql, eventIds);
    return writePass(sql, deps, cause, pass);
  });
  tell(deps, cause, pass, written);
}

/**
 * Many passes in one transaction, each by the same rules as one alone (decision 0024). Says of each whether it was
 * committed, lost its lease, or is to be committed alone: because of something that is not plain, because it is
 * defective, or because another one spoilt the transaction. `held`: somebody holds rows of one of them for long, and
 * nobody knows of which one.
 */
export async function commitTogether(
  deps: BillingDeps,
  passes: readonly { cause: Cause; pass: Pass }[],
): Promise<('committed' | 'alone' | 'held' | LeaseLost)[]> {
  const works = passes.map(
    ({ cause, pass }) =>
      (sql: Parameters<typeof writePass>[0]) =>
        writePass(sql, deps, cause, pass),
  );
  const asked = aheadOf(passes.map(({ pass }) => pass));
  const isLost = (error: unknown) => error instanceof LeaseLost;
  const eventIds = passes.flatMap(({ pass }) => pass.events.map(({ id }) => id));
  const ends = await workTogether(deps.database, asked, works, isLost, eventIds).catch((error: unknown) =>
    // Rolled back, or, when the connection broke at the commit itself, perhaps not: alone, its lease tells each of them.
    passes.map((): Ended<Written> | 'held' => (error instanceof HeldElsewhere ? 'held' : 'alone')),
  );
  return ends.map((end, index) => {
    const { cause, pass } = passes[index] ?? {};
    if (end === 'held' || end === 'alone' || !cause || !pass) return end === 'held' ? 'held' : 'alone';
    if ('refused' in end) return end.refused as LeaseLost;
    tell(deps, cause, pass, end.done);
    return 'committed';
  });
}

function tell(deps: BillingDeps, cause: Cause, pass: Pass, { recomputed, news, others }: Written): void {
  const base = { correlationId: cause.correlationId, stripeCustomer: pass.claim.stripe_customer_id };
  if (recomputed.change)
    deps.log.info({ ...changeLog(recomputed.change, 'subscription_updated'), ...base }, 'entitlement_change');
  for (const change of others)
    deps.log.info({ ...changeLog(change, 'subscription_updated'), ...base }, 'entitlement_change');
  for (const item of news)
    deps.log.info(
      { ...base, event: 'credits_changed', action: 'payment_settled', ...item },
      'credits_changed',
    );
  deps.log.info(
    {
      ...base,
      event: 'customer_synced',
      action: 'subscription_updated',
      events: pass.events.map((event) => event.id),
    },
    'customer_synced',
  );
}

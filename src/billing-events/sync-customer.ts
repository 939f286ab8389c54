import { claimSyncs, giveBack, renewLeases } from '#db/customer-sync.ts';
import { inTransaction } from '#db/transaction.ts';
import { newId } from '#src/core/ids.ts';
import { commitAll } from './commit-turn.ts';
import type { BillingDeps } from './deps.ts';
import { type FetchedTurn, fetchTurn } from './fetch-turn.ts';
import { keepLease, LEASE_MS } from './keep-lease.ts';
import { readBefore } from './read-ahead.ts';
import type { SyncResult, Turn } from './turn.ts';

/** One pass over the most urgent dirty customer. */
export async function syncNext(deps: BillingDeps): Promise<SyncResult> {
  return (await syncMany(deps, 1))[0] ?? 'idle';
}

/**
 * A pass each over the most urgent dirty customers: fetches all that Stripe knows of them, one after the other, and
 * commits tier, access, credits, messages and the end of their events in one transaction under their leases. Events that
 * arrive meanwhile raise the dirty mark again, so nothing is missed, and any number of them costs one more pass.
 */
export async function syncMany(deps: BillingDeps, most: number): Promise<SyncResult[]> {
  return (await syncTurn(deps, most)).results;
}

/** The same, with how long one of them was fetched for; null when nobody was waiting. */
export async function syncTurn(
  deps: BillingDeps,
  most: number,
): Promise<{ results: SyncResult[]; fetchMs: number | null }> {
  const now = deps.clock.now();
  const token = newId('lease', now);
  const claims = await inTransaction(deps.database, (sql) =>
    claimSyncs(sql, token, now, now + LEASE_MS, most),
  );
  if (claims.length === 0) return { results: [], fetchMs: null };
  deps.crashPoint?.('sync claimed');
  const ids = claims.map((claim) => claim.stripe_customer_id);
  const turn: Turn = { deps, token, open: new Set(ids) };
  const stopKeeping = keepLease((until) => renewLeases(deps.database.knex, ids, token, until), deps.clock);
  try {
    const known = await readBefore(deps, claims, now);
    const fetched = await fetchTurn(turn, known, claims);
    return { results: await endTurn(turn, fetched), fetchMs: fetched.fetchMs };
  } catch (error) {
    // Whoever has no end yet need not wait until the lease runs out.
    await giveBack(deps.database.knex, [...turn.open], token).catch(() => {});
    throw error;
  } finally {
    stopKeeping();
  }
}

/** Whom the turn had no time for is free at once; who is fetched is committed, and whoever Stripe takes its time over comes last. */
async function endTurn(
  turn: Turn,
  { results, rest, ready, late, faults }: FetchedTurn,
): Promise<SyncResult[]> {
  const { deps, token } = turn;
  /** What fails keeps nothing from happening that comes after it. */
  const step = (work: () => Promise<unknown>) => work().catch((error: unknown) => void faults.push(error));
  await step(() => giveBack(deps.database.knex, rest, token));
  await step(async () => results.push(...(await commitAll(turn, ready))));
  if (late)
    await step(async () => {
      const fetched = await late;
      if ('pass' in fetched) results.push(...(await commitAll(turn, [fetched])));
      else results.push(fetched.result);
    });
  if (faults.length > 0) throw faults[0];
  return results;
}

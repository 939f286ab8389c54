import type { Database } from '#db/connection.ts';
import { refreshInBulk } from '#src/billing-events/bulk-refresh.ts';
import type { BillingDeps, CrashPoint } from '#src/billing-events/deps.ts';
import { LEASE_MS } from '#src/billing-events/keep-lease.ts';
import { syncNext } from '#src/billing-events/sync-customer.ts';
import type { Settings } from '#src/core/settings.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import type { BillingWorld } from './billing-world.ts';

/** The sample settings with a backlog that begins at so many customers. */
export function bulkFrom(threshold: number): Settings {
  return { ...sampleSettings, webhooks: { ...sampleSettings.webhooks, bulk_threshold: threshold } };
}

/** Bulk job and workers by turns, past every lease and pause, until nothing is left to do. */
export async function settle(world: BillingWorld): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    world.clock.advance(LEASE_MS + 1);
    while ((await refreshInBulk(world.deps)) > 0);
    const passes = await world.drain();
    while ((await refreshInBulk(world.deps)) > 0);
    const waiting = await world.database.knex('customer_sync').whereRaw('dirty_seq > synced_seq');
    const active = await world.database.knex('bulk_refreshes').where({ active: 1 });
    if (passes.length === 0 && waiting.length === 0 && active.length === 0) return;
  }
  throw new Error('The backlog never came to rest');
}

/** A worker that is killed at this point: from then on nothing it does reaches the database. */
export function mortal(deps: BillingDeps, at: CrashPoint, after = 0): BillingDeps {
  let isDead = false;
  let passed = 0;
  const database: Database = {
    get knex() {
      if (isDead) throw new Error('killed');
      return deps.database.knex;
    },
    engine: deps.database.engine,
    close: async () => {},
  };
  const crashPoint = (name: CrashPoint) => {
    if (name !== at || passed++ < after) return;
    isDead = true;
    throw new Error('killed');
  };
  return { ...deps, database, crashPoint };
}

/** One worker stalls past its lease in the middle of a page; another goes on; then the first comes back. */
export async function overtakeBulk(world: BillingWorld): Promise<void> {
  let release = () => {};
  let reached = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const isThere = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const stalled = refreshInBulk({
    ...world.deps,
    stripe: {
      ...world.deps.stripe,
      listSubscriptionPage: async (after) => {
        const answer = await world.truth.gateway.listSubscriptionPage(after);
        reached();
        await held;
        return answer;
      },
    },
  });
  await Promise.race([stalled, isThere]);
  world.clock.advance(LEASE_MS + 1);
  await refreshInBulk(world.deps);
  await syncNext(world.deps);
  release();
  await stalled;
}

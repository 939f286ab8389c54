import type { BillingDeps } from '#src/billing-events/deps.ts';
import { resolveEvents } from '#src/billing-events/resolve-events.ts';
import { syncNext } from '#src/billing-events/sync-customer.ts';
import { tellQuarantined } from '#src/billing-events/tell-quarantined.ts';
import { runTimers } from './run-timers.ts';
import type { Job } from './worker.ts';

/** Everything that Lucy does by herself, one row each: how often she looks, and how many at once. */
export function jobsOf(deps: BillingDeps, deliverOutbox: () => Promise<number>): Job[] {
  return [
    // Dirty customers: fetch from Stripe and commit. Four at once, because the time goes into waiting for Stripe.
    {
      name: 'sync',
      pauseMs: 500,
      parallel: 4,
      run: async () => ((await syncNext(deps)) === 'synced' ? 1 : 0),
    },
    // Events that name no customer themselves.
    { name: 'resolve', pauseMs: 1_000, parallel: 1, run: () => resolveEvents(deps) },
    // Grace deadlines, overrides that run out, lots that lapse, the nightly proof.
    { name: 'timers', pauseMs: 1_000, parallel: 1, run: () => runTimers(deps) },
    // Messages to Slack, in their order.
    { name: 'outbox', pauseMs: 300, parallel: 1, run: deliverOutbox },
    { name: 'quarantine', pauseMs: 5_000, parallel: 1, run: () => tellQuarantined(deps) },
  ];
}

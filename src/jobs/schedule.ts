import { proveAudit } from '#src/audit/prove.ts';
import { publishHead } from '#src/audit/publish-head.ts';
import { sealNext } from '#src/audit/seal.ts';
import { refreshInBulk } from '#src/billing-events/bulk-refresh.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import { pollEvents } from '#src/billing-events/poll-events.ts';
import { pruneEvents } from '#src/billing-events/prune-events.ts';
import { resolveEvents } from '#src/billing-events/resolve-events.ts';
import { syncNext } from '#src/billing-events/sync-customer.ts';
import { tellQuarantined } from '#src/billing-events/tell-quarantined.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import { detect } from '#src/detectors/detect.ts';
import { makeBundles } from '#src/disputes/evidence/make-bundle.ts';
import { followReplays } from '#src/event-recovery/follow-replays.ts';
import { sendResends } from '#src/event-recovery/resend.ts';
import { watchDelivery } from '#src/event-recovery/watch-delivery.ts';
import { watchSignatures } from '#src/event-recovery/watch-signatures.ts';
import { createCarrier } from '#src/reconciliation/carry.ts';
import { carryRepairs } from '#src/reconciliation/carry-repairs.ts';
import { realPause } from '#src/reconciliation/deps.ts';
import { followCard } from '#src/reconciliation/follow-card.ts';
import { startNightly } from '#src/reconciliation/nightly.ts';
import { followRunbooks } from '#src/runbooks/follow.ts';
import { proveWhenDue } from './ledger-proof.ts';
import { runTimers } from './run-timers.ts';
import type { Job } from './worker.ts';

/** Everything that Lucy does by herself, one row each: how often she looks, and how many at once. */
export function jobsOf(
  deps: BillingDeps,
  given: {
    deliverOutbox(): Promise<number>;
    carryEffects(): Promise<number>;
    carryBatches(): Promise<number>;
    deliverMails(): Promise<number>;
  },
): Job[] {
  const reconcile = { ...deps, pause: realPause };
  const reconciliation = createCarrier(reconcile);
  return [
    // Dirty customers: fetch from Stripe and commit. Four at once, because the time goes into waiting for Stripe.
    {
      name: 'sync',
      pauseMs: 500,
      parallel: 4,
      run: async () => ((await syncNext(deps)) === 'synced' ? 1 : 0),
    },
    // A backlog of them: read from whole list pages, for the passes to commit.
    { name: 'bulk', pauseMs: 2_000, parallel: 1, run: () => refreshInBulk(deps) },
    // Events that name no customer themselves.
    { name: 'resolve', pauseMs: 1_000, parallel: 1, run: () => resolveEvents(deps) },
    // Grace deadlines, overrides that run out, lots that lapse.
    { name: 'timers', pauseMs: 1_000, parallel: 1, run: () => runTimers(deps) },
    // The audit into its hash chain; the chain's head to where the database cannot take it back; the nightly proof.
    { name: 'seal', pauseMs: 2_000, parallel: 1, run: () => sealNext(deps) },
    { name: 'audit-head', pauseMs: MINUTE_MS, parallel: 1, run: () => publishHead(deps).then(() => 0) },
    { name: 'audit-proof', pauseMs: 5 * MINUTE_MS, parallel: 1, run: () => proveAudit(deps).then(() => 0) },
    // Refunds and cancellations to Stripe, and Stripe’s confirmations back.
    { name: 'effects', pauseMs: 1_000, parallel: 2, run: given.carryEffects },
    // Imports of many lines, two seconds of them at a time.
    { name: 'batches', pauseMs: 1_000, parallel: 1, run: given.carryBatches },
    // The nightly proof of the ledger, once its timer asked for it.
    { name: 'ledger-proof', pauseMs: MINUTE_MS, parallel: 1, run: () => proveWhenDue(deps).then(() => 0) },
    // What is to be preserved of a customer, a part at a time.
    { name: 'evidence', pauseMs: 1_000, parallel: 1, run: () => makeBundles(deps) },
    // Messages to Slack, in their order.
    { name: 'outbox', pauseMs: 300, parallel: 1, run: given.deliverOutbox },
    // Mails to customers whose payment failed.
    { name: 'mails', pauseMs: 1_000, parallel: 1, run: given.deliverMails },
    // What no webhook brought: Stripe’s list of events, what it could not deliver, and why webhooks are refused.
    { name: 'events-poll', pauseMs: MINUTE_MS, parallel: 1, run: () => pollEvents(deps) },
    {
      name: 'webhook-watch',
      pauseMs: 5 * MINUTE_MS,
      parallel: 1,
      run: () => watchDelivery(deps).then(() => 0),
    },
    {
      name: 'signature-watch',
      pauseMs: MINUTE_MS / 2,
      parallel: 1,
      run: () => watchSignatures(deps).then(() => 0),
    },
    // The rows of the support runbook, asked of all customers; what is wrong goes to the team that the runbook names.
    { name: 'detectors', pauseMs: MINUTE_MS / 4, parallel: 1, run: () => detect(deps).then(() => 0) },
    // What Stripe is asked to send again, and how replays of many events go.
    { name: 'resends', pauseMs: 2_000, parallel: 1, run: () => sendResends(deps) },
    { name: 'replays', pauseMs: 2_000, parallel: 1, run: () => followReplays(deps).then(() => 0) },
    // Runbooks that somebody works through tick themselves from what happened.
    { name: 'runbooks', pauseMs: 3_000, parallel: 1, run: () => followRunbooks(deps).then(() => 0) },
    // Old payloads, old events and old answers, a few at a time.
    { name: 'prune', pauseMs: 60 * MINUTE_MS, parallel: 1, run: () => pruneEvents(deps) },
    // Everything at Stripe against everything here: begun by people or the clock, carried page by page, told in its card.
    { name: 'reconcile', pauseMs: 1_000, parallel: 1, run: () => reconciliation.carry() },
    { name: 'reconcile-card', pauseMs: 5_000, parallel: 1, run: () => followCard(reconcile).then(() => 0) },
    { name: 'reconcile-repair', pauseMs: 1_000, parallel: 1, run: () => carryRepairs(reconcile) },
    {
      name: 'reconcile-night',
      pauseMs: MINUTE_MS,
      parallel: 1,
      run: () => startNightly(reconcile).then(() => 0),
    },
    { name: 'quarantine', pauseMs: 5_000, parallel: 1, run: () => tellQuarantined(deps) },
  ];
}

import { bulkKinds, urgentKinds } from '#db/timers.ts';
import { proveAudit } from '#src/audit/prove.ts';
import { publishHead } from '#src/audit/publish-head.ts';
import { sealNext } from '#src/audit/seal.ts';
import { refreshInBulk } from '#src/billing-events/bulk-refresh.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import { pollEvents } from '#src/billing-events/poll-events.ts';
import { pruneEvents } from '#src/billing-events/prune-events.ts';
import { resolveEvents } from '#src/billing-events/resolve-events.ts';
import { createSync } from '#src/billing-events/sync-at-pace.ts';
import { tellQuarantined } from '#src/billing-events/tell-quarantined.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import { detect } from '#src/detectors/detect.ts';
import { makeBundles } from '#src/disputes/evidence/make-bundle.ts';
import { coachDrill } from '#src/drills/coach.ts';
import { followReplays } from '#src/event-recovery/follow-replays.ts';
import { sendResends } from '#src/event-recovery/resend.ts';
import { watchDelivery } from '#src/event-recovery/watch-delivery.ts';
import { watchSignatures } from '#src/event-recovery/watch-signatures.ts';
import { createMessagePruner } from '#src/outbox/prune.ts';
import { createCarrier } from '#src/reconciliation/carry.ts';
import { carryRepairs } from '#src/reconciliation/carry-repairs.ts';
import { realPause } from '#src/reconciliation/deps.ts';
import { followCard } from '#src/reconciliation/follow-card.ts';
import { startNightly } from '#src/reconciliation/nightly.ts';
import { carryRenders } from '#src/rendering/carry.ts';
import { followRunbooks } from '#src/runbooks/follow.ts';
import { createRunPruner } from '#src/runner/prune-runs.ts';
import { inTurn } from './in-turn.ts';
import { proveWhenDue } from './ledger-proof.ts';
import { runTimers } from './run-timers.ts';
import type { Job } from './worker.ts';

/** Work that other surfaces have a hand in, or that the wiring knows more of. What is counted: how much was found. */
export type Given = {
  deliverOutbox(): Promise<number>;
  carryEffects(): Promise<number>;
  carryBatches(): Promise<number>;
  deliverMails(): Promise<number>;
  carryRollback(): Promise<number>;
  scheduleBackups(): Promise<unknown>;
  carryBackups(): Promise<number>;
  carryRestores(): Promise<number>;
  carryRooms(): Promise<number>;
  playDrill(): Promise<number>;
  reconcileCards(isStart?: boolean): Promise<unknown>;
  refreshGroups(): Promise<unknown>;
  exportStatusPage(): Promise<unknown>;
  watchHealth(): Promise<unknown>;
};

/** What every process does, whatever its role: write down what it kept in memory, and look around itself. */
export function ownJobsOf(given: {
  flushRejects(): Promise<unknown>;
  flushProductReads(): Promise<number>;
  refreshReach(): Promise<unknown>;
}): Job[] {
  return [
    { name: 'rejects', pauseMs: 5_000, parallel: 1, run: () => given.flushRejects().then(() => 0) },
    { name: 'product-reads', pauseMs: 5_000, parallel: 1, run: given.flushProductReads },
    {
      name: 'stripe-reach',
      pauseMs: MINUTE_MS / 2,
      parallel: 1,
      run: () => given.refreshReach().then(() => 0),
    },
  ];
}

/** Everything that Lucy does by herself, one row each: how often she looks, and how many at once. */
export function jobsOf(deps: BillingDeps, given: Given): Job[] {
  const reconcile = { ...deps, pause: realPause };
  const reconciliation = createCarrier(reconcile);
  const pruneMessages = createMessagePruner(deps);
  const pruneRuns = createRunPruner(deps);
  return [
    // Dirty customers: fetch from Stripe and commit. Several at once, because the time goes into waiting for Stripe.
    {
      name: 'sync',
      pauseMs: 500,
      parallel: deps.settings.workers.sync,
      run: createSync(deps),
      wakes: ['outbox'],
    },
    // A backlog of them: read from whole list pages, for the passes to commit.
    { name: 'bulk', pauseMs: 2_000, parallel: 1, run: () => refreshInBulk(deps) },
    // Events that name no customer themselves.
    {
      name: 'resolve',
      pauseMs: 1_000,
      parallel: 1,
      run: () => resolveEvents(deps),
      wakes: ['sync', 'outbox'],
    },
    // Calls, clocks and deadlines that somebody waits for.
    {
      name: 'timers',
      pauseMs: 1_000,
      parallel: 1,
      run: () => runTimers(deps, urgentKinds),
      wakes: ['outbox'],
    },
    // Grace deadlines, overrides that run out, lots that lapse: of many customers at once.
    {
      name: 'bulk-timers',
      pauseMs: 1_000,
      parallel: 1,
      run: () => runTimers(deps, bulkKinds),
      wakes: ['outbox', 'mails'],
    },
    // The audit into its hash chain; the chain's head to where the database cannot take it back; the nightly proof.
    { name: 'seal', pauseMs: 2_000, parallel: 1, run: () => sealNext(deps) },
    { name: 'audit-head', pauseMs: MINUTE_MS, parallel: 1, run: () => publishHead(deps).then(() => 0) },
    { name: 'audit-proof', pauseMs: 5 * MINUTE_MS, parallel: 1, run: () => proveAudit(deps).then(() => 0) },
    // Refunds and cancellations to Stripe, and Stripe’s confirmations back.
    { name: 'effects', pauseMs: 1_000, parallel: deps.settings.workers.effects, run: given.carryEffects },
    // Imports of many lines, two seconds of them at a time.
    { name: 'batches', pauseMs: 1_000, parallel: 1, run: given.carryBatches },
    // The nightly proof of the ledger, once its timer asked for it.
    inTurn(deps, {
      name: 'ledger-proof',
      pauseMs: MINUTE_MS,
      run: (fence) => proveWhenDue({ ...deps, fence }).then(() => 0),
    }),
    // What is to be preserved of a customer, a part at a time.
    { name: 'evidence', pauseMs: 1_000, parallel: 1, run: () => makeBundles(deps) },
    // Pictures and documents that web processes ask for.
    { name: 'renders', pauseMs: 500, parallel: 1, run: () => carryRenders(deps) },
    // Messages to Slack, in their order.
    { name: 'outbox', pauseMs: 300, parallel: 1, run: given.deliverOutbox },
    // Mails to customers whose payment failed.
    { name: 'mails', pauseMs: 1_000, parallel: 1, run: given.deliverMails },
    // What no webhook brought: Stripe’s list of events, what it could not deliver, and why webhooks are refused.
    inTurn(deps, { name: 'events-poll', pauseMs: MINUTE_MS, run: (fence) => pollEvents({ ...deps, fence }) }),
    inTurn(deps, {
      name: 'webhook-watch',
      pauseMs: 5 * MINUTE_MS,
      run: () => watchDelivery(deps).then(() => 0),
    }),
    inTurn(deps, {
      name: 'signature-watch',
      pauseMs: MINUTE_MS / 2,
      run: () => watchSignatures(deps).then(() => 0),
    }),
    // The rows of the support runbook, asked of all customers; what is wrong goes to the team that the runbook names.
    inTurn(deps, {
      name: 'detectors',
      pauseMs: MINUTE_MS / 4,
      run: (fence) => detect({ ...deps, fence }).then(() => 0),
    }),
    // What Stripe is asked to send again, and how replays of many events go.
    { name: 'resends', pauseMs: 2_000, parallel: 1, run: () => sendResends(deps) },
    { name: 'replays', pauseMs: 2_000, parallel: 1, run: () => followReplays(deps).then(() => 0) },
    // Runbooks that somebody works through tick themselves from what happened.
    { name: 'runbooks', pauseMs: 3_000, parallel: 1, run: () => followRunbooks(deps).then(() => 0) },
    // Old payloads, old events, old answers, old messages and old receipts, a few at a time.
    inTurn(deps, {
      name: 'prune',
      pauseMs: 60 * MINUTE_MS,
      run: async () => (await pruneEvents(deps)) + (await pruneMessages()) + (await pruneRuns()),
    }),
    // Everything at Stripe against everything here: begun by people or the clock, carried page by page, told in its card.
    { name: 'reconcile', pauseMs: 1_000, parallel: 1, run: (mayStay) => reconciliation.carry(mayStay) },
    { name: 'reconcile-card', pauseMs: 5_000, parallel: 1, run: () => followCard(reconcile).then(() => 0) },
    {
      name: 'reconcile-repair',
      pauseMs: 1_000,
      parallel: 1,
      run: () => carryRepairs(reconcile),
      wakes: ['outbox'],
    },
    {
      name: 'reconcile-night',
      pauseMs: MINUTE_MS,
      parallel: 1,
      run: () => startNightly(reconcile).then(() => 0),
    },
    { name: 'quarantine', pauseMs: 5_000, parallel: 1, run: () => tellQuarantined(deps) },
    // A card whose message was given up, or overwritten by a late process, is edited after all.
    inTurn(deps, {
      name: 'cards',
      pauseMs: 5 * MINUTE_MS,
      run: () => given.reconcileCards().then(() => 0),
    }),
    // So that the terminal, and `policy explain`, know who is in which user group when Slack is quiet or away.
    inTurn(deps, {
      name: 'slack-groups',
      pauseMs: 20 * MINUTE_MS,
      run: () => given.refreshGroups().then(() => 0),
    }),
    { name: 'status-export', pauseMs: 5_000, parallel: 1, run: () => given.exportStatusPage().then(() => 0) },
    // Rollbacks to the deploy hook, and CI’s report back.
    { name: 'rollbacks', pauseMs: 2_000, parallel: 1, run: given.carryRollback },
    // Copies of the whole database, tried by restoring them; and going back to one.
    {
      name: 'backup-schedule',
      pauseMs: MINUTE_MS / 2,
      parallel: 1,
      run: () => given.scheduleBackups().then(() => 0),
    },
    { name: 'backups', pauseMs: 3_000, parallel: 1, run: given.carryBackups },
    { name: 'restores', pauseMs: 2_000, parallel: 1, run: given.carryRestores },
    // An incident that is only played: what comes next, and the steps that Lucy takes herself.
    { name: 'drill', pauseMs: 1_000, parallel: 1, run: () => coachDrill(deps) },
    { name: 'drill-play', pauseMs: 1_000, parallel: 1, run: given.playDrill },
    // The channels of incidents in Slack.
    { name: 'rooms', pauseMs: 1_000, parallel: 1, run: given.carryRooms },
    // What is out of order, and who is called.
    { name: 'health', pauseMs: 5_000, parallel: 1, run: () => given.watchHealth().then(() => 0) },
  ];
}

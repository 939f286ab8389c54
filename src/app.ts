import type { Server } from 'node:http';
import { commands } from '#commands/index.ts';
import { type Database, folderOf } from '#db/connection.ts';
import { keepFirst, writeInstallation } from '#db/installation.ts';
import { carryBatches } from '#src/batches/carry-batch.ts';
import type { BatchDeps } from '#src/batches/deps.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import { createProductReads } from '#src/checklists/product-reads.ts';
import { type Clock, MINUTE_MS, SECOND_MS } from '#src/core/clock.ts';
import type { Log } from '#src/core/log.ts';
import type { Settings } from '#src/core/settings.ts';
import { liveOnCopy } from '#src/export/live-on-copy.ts';
import { createStripeGateway } from '#src/gateways/stripe-client.ts';
import { createStripeReach } from '#src/gateways/stripe-reach.ts';
import { type HealthDeps, watchHealth } from '#src/health/watch.ts';
import { readApiKeys } from '#src/http/api/api-key.ts';
import { createApiRoute } from '#src/http/api-route.ts';
import { createHealthRoute } from '#src/http/health-route.ts';
import { createMetricsRoute } from '#src/http/metrics-route.ts';
import { createHttpServer } from '#src/http/server.ts';
import { statusRoutes } from '#src/http/status-routes.ts';
import { scheduleDaily } from '#src/jobs/daily.ts';
import { jobsOf } from '#src/jobs/schedule.ts';
import { createWorker } from '#src/jobs/worker.ts';
import { createMails } from '#src/mails/create.ts';
import { deliverMails } from '#src/mails/deliver.ts';
import { mailHealth } from '#src/mails/health.ts';
import { deliverDue } from '#src/outbox/deliver.ts';
import { reconcileCards } from '#src/outbox/post-card.ts';
import { creditsSinceOf } from '#src/payments/credits-since.ts';
import { carryRollback, type RollbackDeps } from '#src/releases/carry-rollback.ts';
import { endBatchRun } from '#src/runner/end-batch-run.ts';
import { effectChanged } from '#src/runner/end-carried-run.ts';
import { endRollbackRun } from '#src/runner/end-rollback-run.ts';
import type { Runner } from '#src/runner/runner.ts';
import { createSlackSurface } from '#src/slack/create-surface.ts';
import { exportStatusPage } from '#src/status-page/export.ts';
import { carryEffects } from '#src/stripe-effects/carry-effects.ts';
import type { EffectsDeps } from '#src/stripe-effects/deps.ts';
import { createRejectCounter } from '#src/webhooks/reject-counter.ts';
import { createWebhookRoute } from '#src/webhooks/webhook-route.ts';
import { createRenderCard } from './cards.ts';
import type { Config } from './config.ts';

/** The whole program, wired; the only place where parts meet. */
export type App = {
  server: Server;
  runner: Runner;
  billing: BillingDeps;
  /** Opens the port and begins to work; Slack or Stripe being away delays nothing. */
  start(): Promise<{ port: number }>;
  /** Takes no more requests, ends what is being done, and lets go. */
  stop(): Promise<void>;
};

export async function buildApp(options: {
  config: Config;
  settings: Settings;
  database: Database;
  clock: Clock;
  log: Log;
}): Promise<App> {
  const { config, settings, database, clock, log } = options;
  const { mode } = config.stripe;
  const now = clock.now();
  const live = await liveOnCopy(database.knex, mode);
  if (live) throw new Error(`${live.message} ${live.hint}`);
  await writeInstallation(database.knex, 'stripe_mode', mode, now);
  await writeInstallation(database.knex, 'public_url', config.publicUrl ?? '', now);
  const firstStart = Number(await keepFirst(database.knex, 'first_started_at', String(now), now));
  await scheduleDaily(database.knex, now);

  const stripe = createStripeGateway(config.stripe);
  const reach = createStripeReach(config.stripe);
  const runner: Runner = { database, settings, clock, log, mode, stripe, commands };
  const creditsSince = creditsSinceOf(settings, firstStart);
  const billing: BillingDeps = { database, settings, stripe, clock, log, mode, creditsSince };
  const rejects = createRejectCounter(database, log);
  const productReads = createProductReads(database, log);
  const slack = createSlackSurface({
    runner,
    config: config.slack,
    log,
    clock,
    wake() {
      worker.wake('outbox');
      worker.wake('effects');
      worker.wake('batches');
    },
  });
  const renderCard = createRenderCard(settings);
  const outbox = { database, clock, log, announcer: slack.announcer, renderCard };
  const mails = createMails({ database, settings, clock, log, stripe }, config.mail);
  const effects: EffectsDeps = {
    database,
    stripe,
    clock,
    log,
    onChange: async (sql, cause, effect, before) => {
      await effectChanged(sql, settings, cause, effect, before);
      worker.wake('outbox');
    },
  };
  const batches: BatchDeps = {
    database,
    settings,
    mode,
    clock,
    log,
    onEnd: async (sql, cause, batch) => {
      await endBatchRun(sql, settings, cause, batch);
      worker.wake('outbox');
    },
  };
  const rollbacks: RollbackDeps = {
    database,
    settings,
    clock,
    log,
    hookSecret: config.deployHookSecret,
    onEnd: (sql, cause, rollback, end) => endRollbackRun(sql, settings, cause, rollback, end),
  };
  const parts = { slack: slack.health, stripe: reach.read, mail: () => mailHealth(mails.state) };
  const folder = folderOf(config.databaseUrl);
  const watching: HealthDeps = { database, settings, clock, log, stripe, folder, parts };
  const worker = createWorker(
    [
      ...jobsOf(billing, {
        deliverOutbox: async () => {
          const { sent, folded } = await deliverDue(outbox);
          return sent + folded;
        },
        carryEffects: () => carryEffects(effects),
        carryBatches: () => carryBatches(batches),
        deliverMails: () => deliverMails(mails),
      }),
      { name: 'rejects', pauseMs: 5 * SECOND_MS, parallel: 1, run: () => rejects.flush().then(() => 0) },
      { name: 'product-reads', pauseMs: 5 * SECOND_MS, parallel: 1, run: productReads.flush },
      // A card whose message was given up, or overwritten by a late process, is edited after all.
      {
        name: 'cards',
        pauseMs: 5 * MINUTE_MS,
        parallel: 1,
        run: () => reconcileCards(database, renderCard, clock.now()).then(() => 0),
      },
      // So that the terminal, and `policy explain`, know who is in which user group when Slack is quiet or away.
      {
        name: 'slack-groups',
        pauseMs: 20 * MINUTE_MS,
        parallel: 1,
        run: () => slack.refreshGroups().then(() => 0),
      },
      {
        name: 'status-export',
        pauseMs: 5 * SECOND_MS,
        parallel: 1,
        run: () =>
          exportStatusPage(database.knex, settings, `${config.publicUrl ?? ''}/status`, clock.now()).then(
            () => 0,
          ),
      },
      // Rollbacks to the deploy hook, and CI’s report back.
      { name: 'rollbacks', pauseMs: 2 * SECOND_MS, parallel: 1, run: () => carryRollback(rollbacks) },
      // What is out of order, and who is called.
      { name: 'health', pauseMs: 5 * SECOND_MS, parallel: 1, run: () => watchHealth(watching).then(() => 0) },
      {
        name: 'stripe-reach',
        pauseMs: 30 * SECOND_MS,
        parallel: 1,
        run: () => reach.refresh().then(() => 0),
      },
    ],
    log,
  );
  const webhook = createWebhookRoute({
    database,
    clock,
    log,
    secrets: config.stripe.webhookSecrets,
    mode,
    rejects,
    onStored: () => worker.wake('sync'),
  });
  const health = createHealthRoute({
    database,
    clock,
    components: parts,
  });
  const keys = readApiKeys(config.apiKeys);
  const api = { keys, database, settings, clock, log, productReads };
  const server = createHttpServer(
    [
      { method: 'POST', path: '/api/billing/webhook', handle: webhook },
      { method: 'POST', path: '/slack/events', handle: slack.requestListener },
      { method: null, path: '/api/', handle: createApiRoute(api) },
      ...statusRoutes({ database, settings, clock, publicUrl: config.publicUrl }),
      { method: 'GET', path: '/metrics', handle: createMetricsRoute({ database, clock }) },
      { method: 'GET', path: '/health', handle: (_request, response) => health(response) },
    ],
    log,
  );

  return {
    server,
    runner,
    billing,
    async start() {
      const port = await listen(server, config.port, config.host);
      log.info({ event: 'listening', port, host: config.host, mode }, 'listening');
      await reconcileCards(database, renderCard, clock.now());
      worker.start();
      void slack.start();
      return { port };
    },
    async stop() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeIdleConnections();
      });
      await slack.stop();
      await worker.stop();
      await rejects.flush();
      await productReads.flush();
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

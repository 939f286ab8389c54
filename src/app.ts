import type { Server } from 'node:http';
import { commands } from '#commands/index.ts';
import type { Database } from '#db/connection.ts';
import { keepFirst, writeInstallation } from '#db/installation.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import { type Clock, MINUTE_MS, SECOND_MS } from '#src/core/clock.ts';
import type { Log } from '#src/core/log.ts';
import type { Settings } from '#src/core/settings.ts';
import { createStripeGateway } from '#src/gateways/stripe-client.ts';
import { createStripeReach } from '#src/gateways/stripe-reach.ts';
import { readApiKeys } from '#src/http/api/api-key.ts';
import { createApiRoute } from '#src/http/api-route.ts';
import { createHealthRoute } from '#src/http/health-route.ts';
import { createHttpServer } from '#src/http/server.ts';
import { scheduleDaily } from '#src/jobs/daily.ts';
import { jobsOf } from '#src/jobs/schedule.ts';
import { createWorker } from '#src/jobs/worker.ts';
import { createMails } from '#src/mails/create.ts';
import { deliverMails } from '#src/mails/deliver.ts';
import { mailHealth } from '#src/mails/health.ts';
import { deliverDue } from '#src/outbox/deliver.ts';
import { reconcileCards } from '#src/outbox/post-card.ts';
import { effectChanged } from '#src/runner/end-carried-run.ts';
import type { Runner } from '#src/runner/runner.ts';
import { createSlackSurface } from '#src/slack/create-surface.ts';
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

/** Stripe's webhooks may reach us minutes after a payment, and clocks differ: the first start looks back this far. */
const FIRST_START_SLACK_MS = 5 * MINUTE_MS;

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
  await writeInstallation(database.knex, 'stripe_mode', mode, now);
  await writeInstallation(database.knex, 'public_url', config.publicUrl ?? '', now);
  const firstStart = Number(await keepFirst(database.knex, 'first_started_at', String(now), now));
  await scheduleDaily(database.knex, now);

  const stripe = createStripeGateway(config.stripe);
  const reach = createStripeReach(config.stripe);
  const runner: Runner = { database, settings, clock, log, mode, stripe, commands };
  const creditsSince = settings.billing.credits_since
    ? Date.parse(settings.billing.credits_since)
    : firstStart - FIRST_START_SLACK_MS;
  const billing: BillingDeps = { database, settings, stripe, clock, log, mode, creditsSince };
  const rejects = createRejectCounter(database, log);
  const slack = createSlackSurface({
    runner,
    config: config.slack,
    log,
    clock,
    wake() {
      worker.wake('outbox');
      worker.wake('effects');
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
  const worker = createWorker(
    [
      ...jobsOf(billing, {
        deliverOutbox: async () => {
          const { sent, folded } = await deliverDue(outbox);
          return sent + folded;
        },
        carryEffects: () => carryEffects(effects),
        deliverMails: () => deliverMails(mails),
      }),
      { name: 'rejects', pauseMs: 5 * SECOND_MS, parallel: 1, run: () => rejects.flush().then(() => 0) },
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
    components: { slack: slack.health, stripe: reach.read, mail: () => mailHealth(mails.state) },
  });
  const server = createHttpServer(
    [
      { method: 'POST', path: '/api/billing/webhook', handle: webhook },
      { method: 'POST', path: '/slack/events', handle: slack.requestListener },
      {
        method: null,
        path: '/api/',
        handle: createApiRoute({ keys: readApiKeys(config.apiKeys), database, settings, clock, log }),
      },
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

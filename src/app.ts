import type { Server } from 'node:http';
import { keepFirst, writeInstallation } from '#db/installation.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import { createProductReads } from '#src/checklists/product-reads.ts';
import { liveOnCopy } from '#src/export/live-on-copy.ts';
import { createHttpServer, listen, stopListening } from '#src/http/server.ts';
import { scheduleDaily } from '#src/jobs/daily.ts';
import { pauseInMaintenance } from '#src/jobs/pause-in-maintenance.ts';
import { jobsOf, ownJobsOf } from '#src/jobs/schedule.ts';
import { createWorker } from '#src/jobs/worker.ts';
import { watchMaintenance } from '#src/maintenance/watch.ts';
import { creditsSinceOf } from '#src/payments/credits-since.ts';
import type { Runner } from '#src/runner/runner.ts';
import { createRejectCounter } from '#src/webhooks/reject-counter.ts';
import { type AppOptions, createParts } from './app-parts.ts';
import { routesOf } from './app-routes.ts';
import { openDoorbell } from './open-doorbell.ts';
import { doesWork, type Role, takesRequests } from './role.ts';

/** The whole program, wired; the only place where parts meet. */
export type App = {
  server: Server;
  runner: Runner;
  billing: BillingDeps;
  /** Opens the port and begins to work; Slack or Stripe being away delays nothing. A worker without PORT opens none: 0. */
  start(): Promise<{ port: number }>;
  /** Takes no more requests, ends what is being done, and lets go. */
  stop(): Promise<void>;
};

export async function buildApp(options: AppOptions & { role?: Role }): Promise<App> {
  const { config, settings, database, clock, log, role = 'all' } = options;
  const { mode } = config.stripe;
  const now = clock.now();
  const live = await liveOnCopy(database.knex, mode);
  if (live) throw new Error(`${live.message} ${live.hint}`);
  await writeInstallation(database.knex, 'stripe_mode', mode, now);
  await writeInstallation(database.knex, 'public_url', config.publicUrl ?? '', now);
  const firstStart = Number(await keepFirst(database.knex, 'first_started_at', String(now), now));
  await scheduleDaily(database.knex, now);

  const doorbell = await openDoorbell(
    config.redisUrl,
    log,
    doesWork(role) ? (job) => worker.wake(job) : null,
  );
  const wake = (job: string) => {
    worker.wake(job);
    doorbell.ring(job);
  };
  const creditsSince = creditsSinceOf(settings, firstStart);
  const parts = createParts({ ...options, role, creditsSince, wake, redis: doorbell.state });
  const { billing, runner, slack, work, refreshReach } = parts;
  const rejects = createRejectCounter(database, log);
  const productReads = createProductReads(database, log);
  const worker = createWorker(
    [
      ...ownJobsOf({ flushRejects: rejects.flush, flushProductReads: productReads.flush, refreshReach }),
      ...(doesWork(role) ? pauseInMaintenance(jobsOf(billing, work), watchMaintenance(options)) : []),
    ],
    log,
    doorbell.ring,
  );
  const health = {
    ...parts.health,
    ...(options.clockState ? { clock: options.clockState } : {}),
  };
  const server = createHttpServer(
    routesOf(options, role, { slack, health, rejects, productReads, wake }),
    log,
  );

  return {
    server,
    runner,
    billing,
    async start() {
      const isOpen = takesRequests(role) || config.hasPort;
      const port = isOpen ? await listen(server, config.port, config.host) : 0;
      if (isOpen) log.info({ event: 'listening', port, host: config.host, mode, role }, 'listening');
      if (doesWork(role)) await work.reconcileCards(true);
      worker.start();
      void slack.start({ takesRequests: takesRequests(role) });
      log.info({ event: 'started', role, mode }, 'started');
      return { port };
    },
    async stop() {
      await stopListening(server);
      await slack.stop();
      await worker.stop();
      await doorbell.stop();
      await rejects.flush();
      await productReads.flush();
    },
  };
}

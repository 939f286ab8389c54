import { commands } from '#commands/index.ts';
import { type Database, folderOf } from '#db/connection.ts';
import { carryBackups } from '#src/backups/carry-backups.ts';
import { carryRestores } from '#src/backups/carry-restore.ts';
import type { BackupDeps } from '#src/backups/deps.ts';
import { scheduleBackups } from '#src/backups/schedule.ts';
import { carryBatches } from '#src/batches/carry-batch.ts';
import type { BatchDeps } from '#src/batches/deps.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import type { Clock } from '#src/core/clock.ts';
import type { Log } from '#src/core/log.ts';
import type { Settings } from '#src/core/settings.ts';
import type { Doorbell } from '#src/gateways/doorbell.ts';
import { createStripeGateway } from '#src/gateways/stripe-client.ts';
import { createStripeReach } from '#src/gateways/stripe-reach.ts';
import { createTelemetry } from '#src/gateways/telemetry.ts';
import { type HealthDeps, watchHealth } from '#src/health/watch.ts';
import { carryRooms } from '#src/incidents/rooms/carry-rooms.ts';
import { playDrill } from '#src/jobs/play-drill.ts';
import type { Given } from '#src/jobs/schedule.ts';
import { createMails } from '#src/mails/create.ts';
import { deliverMails } from '#src/mails/deliver.ts';
import { mailHealth } from '#src/mails/health.ts';
import { deliverDue } from '#src/outbox/deliver.ts';
import { readStuckPosts } from '#src/outbox/health.ts';
import { reconcileCards } from '#src/outbox/post-card.ts';
import { realPause } from '#src/reconciliation/deps.ts';
import { carryRollback, type RollbackDeps } from '#src/releases/carry-rollback.ts';
import { createHandOver } from '#src/rendering/hand-over.ts';
import { renderHere } from '#src/rendering/render.ts';
import { endBackupRun } from '#src/runner/end-backup-run.ts';
import { endBatchRun } from '#src/runner/end-batch-run.ts';
import { effectChanged } from '#src/runner/end-carried-run.ts';
import { endRollbackRun } from '#src/runner/end-rollback-run.ts';
import type { Runner } from '#src/runner/runner.ts';
import { createSlackSurface } from '#src/slack/create-surface.ts';
import { exportStatusPage } from '#src/status-page/export.ts';
import { carryEffects } from '#src/stripe-effects/carry-effects.ts';
import type { EffectsDeps } from '#src/stripe-effects/deps.ts';
import { createRenderCard } from './cards.ts';
import type { Config } from './config.ts';
import { doesWork, type Role } from './role.ts';
import type { SharedClock } from './shared-clock.ts';

/** What the parts are made of. */
export type AppOptions = {
  config: Config;
  settings: Settings;
  database: Database;
  clock: Clock;
  /** How this machine's own clock stands, where the clock is another's. */
  clockState?: SharedClock['state'];
  log: Log;
};

/** What both roles are made of: the doors outward, the runner, Slack, and the work that jobs do with them. */
export function createParts(
  options: AppOptions & {
    role: Role;
    creditsSince: number;
    wake(job: string): void;
    redis: Doorbell['state'];
  },
) {
  const { config, settings, database, clock, log, creditsSince, role, wake, redis } = options;
  const { mode } = config.stripe;
  const stripe = createStripeGateway(config.stripe);
  const reach = createStripeReach(config.stripe);
  const telemetry = createTelemetry(settings, config);
  const render = doesWork(role)
    ? renderHere
    : createHandOver({ database, clock, log, wake: () => wake('renders') });
  const runner: Runner = { database, settings, clock, log, mode, stripe, commands, telemetry, render };
  const billing: BillingDeps = { database, settings, stripe, clock, log, mode, creditsSince };
  const slack = createSlackSurface({
    runner,
    config: config.slack,
    log,
    clock,
    wake() {
      wake('outbox');
      wake('effects');
      wake('batches');
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
      wake('outbox');
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
      wake('outbox');
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
  const backups: BackupDeps = {
    database,
    settings,
    clock,
    log,
    mode,
    pause: realPause,
    onEnd: (sql, cause, runId, end) => endBackupRun(sql, settings, cause, runId, end),
  };
  const health = {
    slack: async () => {
      const own = slack.health();
      return own.state === 'ok' ? ((await readStuckPosts(database.knex, slack.announcer)) ?? own) : own;
    },
    stripe: reach.read,
    mail: () => mailHealth(database.knex, mails.state),
    ...(redis ? { redis } : {}),
  };
  const folder = folderOf(config.databaseUrl);
  const watching: HealthDeps = { database, settings, clock, log, stripe, folder, parts: health };
  const statusUrl = `${config.publicUrl ?? ''}/status`;

  const work: Given = {
    deliverOutbox: async () => {
      const { sent, folded } = await deliverDue(outbox);
      return sent + folded;
    },
    carryEffects: () => carryEffects(effects),
    carryBatches: () => carryBatches(batches),
    deliverMails: () => deliverMails(mails),
    carryRollback: () => carryRollback(rollbacks),
    scheduleBackups: () => scheduleBackups(backups),
    carryBackups: () => carryBackups(backups),
    carryRestores: () => carryRestores(backups),
    playDrill: () => playDrill(runner),
    carryRooms: () => carryRooms({ database, settings, clock, log, rooms: slack.rooms }),
    reconcileCards: (isStart = false) => reconcileCards(database, renderCard, clock.now(), isStart),
    refreshGroups: slack.refreshGroups,
    exportStatusPage: () => exportStatusPage(database.knex, settings, statusUrl, clock.now()),
    watchHealth: () => watchHealth(watching),
  };
  return { runner, billing, slack, health, work, refreshReach: reach.refresh };
}

import { openDatabase } from '#db/connection.ts';
import { migrate, NewerDatabaseError, UnfinishedCopyError } from '#db/migrate.ts';
import { backupBeforeMigrating } from '#src/backups/before-migration.ts';
import { requireSound } from '#src/backups/require-sound.ts';
import { systemClock } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import { createLog } from '#src/core/log.ts';
import { buildApp } from './app.ts';
import { explainProblems, readConfig, readConfigFilePath } from './config.ts';
import { explainSettingsProblems, readSettings } from './config-file.ts';
import { errorReportsOf, FLUSH_MS } from './error-reports.ts';
import { failFast } from './fail-fast.ts';
import { readRole, roleUsage } from './role.ts';
import { shareClock } from './shared-clock.ts';

/** As in the terminal (DESIGN section 9). */
const EX_USAGE = 2;
/** sysexits: a configuration error. */
const EX_CONFIG = 78;
/** Work in progress gets this long to end after SIGTERM. */
const DRAIN_MS = 20_000;

async function main(): Promise<void> {
  // Databases, journals and backups hold everything about customers: whatever is written is its owner’s alone.
  process.umask(0o077);
  const role = readRole(process.argv.slice(2));
  if (!role) {
    process.stderr.write(`That is not a role that Lucy has.\n${roleUsage}`);
    process.exit(EX_USAGE);
  }
  const { config, problems } = readConfig(process.env);
  const file = readSettings(readConfigFilePath(process.env));
  if (!config || !file.settings) {
    if (!config) process.stderr.write(explainProblems(problems));
    if (!file.settings) process.stderr.write(explainSettingsProblems(file.problems));
    process.exit(EX_CONFIG);
  }
  const reports = errorReportsOf(config.sentry.dsn, { mode: config.stripe.mode, role });
  reports?.warm();
  const log = createLog(config.logLevel, undefined, reports?.report);
  const flush = async (timeoutMs: number) => reports?.flush(timeoutMs);
  failFast(log, flush);
  if (file.warning) log.warn({ event: 'no_config_file' }, file.warning);
  const database = openDatabase(config.databaseUrl, {
    checkpointThread: true,
    poolMax: file.settings.workers.database_connections,
  });
  try {
    await requireSound(database, file.settings);
    await backupBeforeMigrating({ database, settings: file.settings, clock: systemClock, log });
    const applied = await migrate(database);
    if (applied.length > 0) log.info({ event: 'migrated', applied }, 'The database was migrated');
    const { clock, ...shared } = await shareClock(database, log);
    const around = { config, settings: file.settings, database, clock, clockState: shared.state, log, role };
    const app = await buildApp(around);
    drainOnSignal(async () => {
      log.info({ event: 'stopping' }, 'stopping');
      await app.stop();
      shared.stop();
      await database.close();
      log.info({ event: 'stopped' }, 'stopped');
      await flush(FLUSH_MS);
    });
    await app.start();
  } catch (error) {
    log.fatal({ err: error, event: 'start_failed' }, errorMessage(error));
    await flush(FLUSH_MS);
    const isUnfit = error instanceof NewerDatabaseError || error instanceof UnfinishedCopyError;
    process.exit(isUnfit ? EX_CONFIG : 1);
  }
}

function drainOnSignal(drain: () => Promise<void>): void {
  let isDraining = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, async () => {
      if (isDraining) process.exit(1);
      isDraining = true;
      setTimeout(() => process.exit(1), DRAIN_MS).unref();
      await drain();
      process.exit(0);
    });
  }
}

await main();

import { openDatabase } from '#db/connection.ts';
import { migrate, NewerDatabaseError } from '#db/migrate.ts';
import { systemClock } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import { createLog } from '#src/core/log.ts';
import { buildApp } from './app.ts';
import { explainProblems, readConfig, readConfigFilePath } from './config.ts';
import { explainSettingsProblems, readSettings } from './config-file.ts';

/** sysexits: a configuration error. */
const EX_CONFIG = 78;
/** Work in progress gets this long to end after SIGTERM. */
const DRAIN_MS = 20_000;

async function main(): Promise<void> {
  const { config, problems } = readConfig(process.env);
  const file = readSettings(readConfigFilePath(process.env));
  if (!config || !file.settings) {
    if (!config) process.stderr.write(explainProblems(problems));
    if (!file.settings) process.stderr.write(explainSettingsProblems(file.problems));
    process.exit(EX_CONFIG);
  }
  const log = createLog(config.logLevel);
  if (file.warning) log.warn({ event: 'no_config_file' }, file.warning);
  const database = openDatabase(config.databaseUrl);
  try {
    const applied = await migrate(database);
    if (applied.length > 0) log.info({ event: 'migrated', applied }, 'The database was migrated');
    const app = await buildApp({ config, settings: file.settings, database, clock: systemClock, log });
    drainOnSignal(async () => {
      log.info({ event: 'stopping' }, 'stopping');
      await app.stop();
      await database.close();
      log.info({ event: 'stopped' }, 'stopped');
    });
    await app.start();
  } catch (error) {
    log.fatal({ err: error, event: 'start_failed' }, errorMessage(error));
    process.exit(error instanceof NewerDatabaseError ? EX_CONFIG : 1);
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

import { existsSync } from 'node:fs';
import { openDatabase } from '#db/connection.ts';
import { migrate, NewerDatabaseError, UnfinishedCopyError } from '#db/migrate.ts';
import { backupBeforeMigrating } from '#src/backups/before-migration.ts';
import { systemClock } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import { createLog, type Log } from '#src/core/log.ts';
import type { Settings } from '#src/core/settings.ts';
import { counted } from '#src/core/text.ts';
import { freshGroups } from '#src/policy/group-snapshot.ts';
import { type GroupMembers, terminalActor } from '#src/policy/people.ts';
import { runDbCopy } from '#src/terminal/db-copy.ts';
import type { Terminal } from '#src/terminal/run-terminal.ts';
import type { TerminalConfig } from './config.ts';

/** sysexits: a configuration error. */
const EX_CONFIG = 78;

/** `lucy db …`, beside every other command: it must not open, migrate or write the database that it copies. */
export async function runDb(
  argv: readonly string[],
  around: {
    config: TerminalConfig;
    settings: Settings;
    env: Readonly<Record<string, string | undefined>>;
    osUser: string;
    terminal: Terminal;
  },
): Promise<number> {
  const { config, settings, env, osUser, terminal } = around;
  const log = createLog(config.logLevel ?? 'warn', process.stderr);
  if (argv[0] === 'migrate') return migrateAlone(config.databaseUrl, settings, log, terminal);
  const groups = Object.keys(settings.people).length > 0 ? await readGroups(config.databaseUrl) : new Map();
  return runDbCopy(argv, {
    databaseUrl: config.databaseUrl,
    env,
    actor: terminalActor(settings, osUser, groups),
    clock: systemClock,
    log,
    terminal,
  });
}

/** What every start does first, by itself: for whoever starts many processes at once (compose.yml). */
async function migrateAlone(url: string, settings: Settings, log: Log, terminal: Terminal): Promise<number> {
  const database = openDatabase(url, { busyTimeoutMs: 5_000, poolMax: 2 });
  try {
    await backupBeforeMigrating({ database, settings, clock: systemClock, log });
    const applied = await migrate(database);
    terminal.write(
      applied.length === 0
        ? 'The database is as this version of Lucy has it; nothing was changed.\n'
        : `The database was brought to this version: ${counted(applied.length, 'migration')}, the last one ${applied.at(-1)}.\n`,
    );
    return 0;
  } catch (error) {
    const isUnfit = error instanceof NewerDatabaseError || error instanceof UnfinishedCopyError;
    const hint = isUnfit ? '' : 'Check DATABASE_URL, and that the database runs; the next try begins anew.\n';
    terminal.writeError(`The database was not migrated: ${errorMessage(error)}\n${hint}`);
    return isUnfit ? EX_CONFIG : 1;
  } finally {
    await database.close();
  }
}

/** Who holds a role by a Slack user group; nobody does where that cannot be read. */
async function readGroups(url: string): Promise<GroupMembers> {
  if (!url.startsWith('sqlite:') || !existsSync(url.slice('sqlite:'.length))) return new Map();
  const database = openDatabase(url);
  try {
    return await freshGroups(database.knex, systemClock.now());
  } catch {
    return new Map();
  } finally {
    await database.close();
  }
}

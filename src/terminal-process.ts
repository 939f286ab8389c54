import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { commands } from '#commands/index.ts';
import { type Database, openDatabase } from '#db/connection.ts';
import { readInstallation } from '#db/installation.ts';
import { migrate, NewerDatabaseError, UnfinishedCopyError } from '#db/migrate.ts';
import { errorMessage } from '#src/core/errors.ts';
import { createLog } from '#src/core/log.ts';
import { liveOnCopy } from '#src/export/live-on-copy.ts';
import { createTelemetry } from '#src/gateways/telemetry.ts';
import { freshGroups } from '#src/policy/group-snapshot.ts';
import { terminalActor } from '#src/policy/people.ts';
import type { Runner } from '#src/runner/runner.ts';
import { dbCopyHelp } from '#src/terminal/db-copy-words.ts';
import { helpFor } from '#src/terminal/help-text.ts';
import { printJson } from '#src/terminal/print-reply.ts';
import { runTerminal, type Terminal } from '#src/terminal/run-terminal.ts';
import { translateSeedSpelling } from '#src/terminal/seed-spellings.ts';
import { takeTerminalFlags } from '#src/terminal/terminal-flags.ts';
import { explainProblems, readTerminalConfig } from './config.ts';
import { explainSettingsProblems, readSettings } from './config-file.ts';
import { errorReportsOf, FLUSH_MS } from './error-reports.ts';
import { createFollow } from './follow.ts';
import { isOfflineRestore, runOfflineRestore } from './offline-restore.ts';
import { clockOf } from './shared-clock.ts';

/** Does what was typed: needs the database alone, unless the command itself needs Stripe. Resolves with the exit code. */
export async function doTyped(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  // As in main.ts: a terminal writes databases and backups, too.
  process.umask(0o077);
  const help = helpAlone(argv);
  if (help !== null) {
    process.stdout.write(help);
    return 0;
  }
  const config = readTerminalConfig(env);
  if (config.problems.length > 0) return refuse(explainProblems(config.problems));
  const { settings, problems } = readSettings(config.configFile);
  if (!settings) return refuse(explainSettingsProblems(problems));
  if (argv[0] === 'db') {
    const { runDb } = await import('./db-commands.ts');
    const around = { config, settings, env, osUser: osUser(), terminal: terminal() };
    return runDb(argv.slice(1), around);
  }
  if (isOfflineRestore(argv))
    return runOfflineRestore(argv, {
      config,
      settings,
      osUser: osUser(),
      terminal: terminal(),
    });
  const reports = errorReportsOf(config.sentry.dsn, { mode: config.stripe?.mode, role: 'terminal' });
  let database: Database | null = null;
  try {
    database = openDatabase(config.databaseUrl, { busyTimeoutMs: 5_000, poolMax: 2 });
    await migrate(database);
    const live = await liveOnCopy(database.knex, config.stripe?.mode);
    if (live) return refuse(`${live.message}\n${live.hint}\n`);
    const { buildTerminalGateway } = await import('./terminal-gateway.ts');
    const clock = await clockOf(database);
    const runner: Runner = {
      database,
      settings,
      clock,
      log: createLog(
        config.logLevel ?? (process.stderr.isTTY ? 'warn' : 'info'),
        process.stderr,
        reports?.report,
      ),
      mode:
        config.stripe?.mode ??
        ((await readInstallation(database.knex, 'stripe_mode')) === 'live' ? 'live' : 'test'),
      stripe: config.stripe ? buildTerminalGateway(config.stripe) : null,
      commands,
      telemetry: createTelemetry(settings, config),
    };
    runner.follow = createFollow(runner);
    const groups = await freshGroups(database.knex, clock.now());
    const actor = terminalActor(settings, osUser(), groups);
    return await runTerminal(runner, actor, argv, terminal());
  } catch (error) {
    if (error instanceof NewerDatabaseError || error instanceof UnfinishedCopyError)
      return refuse(`${error.message}\n`);
    return unusable(config.databaseUrl, error);
  } finally {
    await database?.close();
    await reports?.flush(FLUSH_MS);
  }
}

/** Nothing was recorded, so there is no correlation id to look for. */
function unusable(databaseUrl: string, error: unknown): number {
  const message = `Lucy cannot use the database ${redacted(databaseUrl)}: ${errorMessage(error)}`;
  const hint = 'Check DATABASE_URL, and that the database runs.';
  if (process.argv.includes('--json')) {
    const told = { error: { code: 'unavailable', message, hint }, correlationId: null };
    process.stdout.write(printJson(told));
    return 1;
  }
  return refuse(`${message}\n${hint}\n`, 1);
}

/** A container may run as a number without a name. */
function osUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

/** Help asks for no database and no settings. What cannot be read is told later, with everything else. */
function helpAlone(argv: readonly string[]): string | null {
  if (argv[0] === 'db' && argv.some((word) => word === '--help' || word === '-h')) return dbCopyHelp;
  try {
    const tokens = translateSeedSpelling(takeTerminalFlags(argv).rest);
    return tokens && helpFor(commands, tokens);
  } catch {
    return null;
  }
}

function terminal(): Terminal {
  const hasPerson = process.stdin.isTTY === true;
  return {
    write: (text) => void process.stdout.write(text),
    writeError: (text) => void process.stderr.write(text),
    ask: hasPerson ? askPerson : null,
    bar: process.stderr.isTTY ? process.stderr : null,
    untilInterrupted,
    ...(hasPerson ? {} : { readInput: readPipe }),
  };
}

/** Whatever is piped in, but not more than anybody asks for. */
async function readPipe(maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes);
}

/** The first Ctrl-C asks the work to stop where it can go on later; the second one ends everything, as ever. */
async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

async function askPerson(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await reader.question(question);
  } finally {
    reader.close();
  }
}

/** Told before there is a runner: in JSON where JSON was asked for, with the code of what is wrong. */
function refuse(text: string, code = 78): number {
  if (!process.argv.includes('--json')) process.stderr.write(text);
  else {
    const [message = '', ...rest] = text
      .trim()
      .split('\n')
      .filter((line) => line.trim());
    const hint = rest.map((line) => line.trim()).join(' ') || 'Correct it and try again.';
    process.stdout.write(printJson({ error: { code: 'settings', message, hint }, correlationId: null }));
  }
  return code;
}

function redacted(url: string): string {
  return url.replace(/:\/\/([^:@/]+):[^@]*@/, '://$1:…@').replace(/([?&](?:ssl)?password=)[^&]*/g, '$1…');
}

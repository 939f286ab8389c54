import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { commands } from '#commands/index.ts';
import { openDatabase } from '#db/connection.ts';
import { readInstallation } from '#db/installation.ts';
import { migrate, NewerDatabaseError } from '#db/migrate.ts';
import { systemClock } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import { createLog } from '#src/core/log.ts';
import { terminalActor } from '#src/policy/people.ts';
import type { Runner } from '#src/runner/runner.ts';
import { helpFor } from '#src/terminal/help-text.ts';
import { runTerminal, type Terminal } from '#src/terminal/run-terminal.ts';
import { translateSeedSpelling } from '#src/terminal/seed-spellings.ts';
import { takeTerminalFlags } from '#src/terminal/terminal-flags.ts';
import { explainProblems, readTerminalConfig } from './config.ts';
import { explainSettingsProblems, readSettings } from './config-file.ts';

/** The terminal process: needs the database alone, unless the command itself needs Stripe. */
async function main(): Promise<number> {
  const help = helpAlone(process.argv.slice(2));
  if (help !== null) {
    process.stdout.write(help);
    return 0;
  }
  const config = readTerminalConfig(process.env);
  if (config.problems.length > 0) return refuse(explainProblems(config.problems));
  const { settings, problems } = readSettings(config.configFile);
  if (!settings) return refuse(explainSettingsProblems(problems));
  const database = openDatabase(config.databaseUrl, { busyTimeoutMs: 5_000, poolMax: 2 });
  try {
    await migrate(database);
    const { buildTerminalGateway } = await import('./terminal-gateway.ts');
    const runner: Runner = {
      database,
      settings,
      clock: systemClock,
      log: createLog(config.logLevel ?? (process.stderr.isTTY ? 'warn' : 'info'), process.stderr),
      mode:
        config.stripe?.mode ??
        ((await readInstallation(database.knex, 'stripe_mode')) === 'live' ? 'live' : 'test'),
      stripe: config.stripe ? buildTerminalGateway(config.stripe) : null,
      commands,
    };
    return await runTerminal(runner, terminalActor(settings, osUser()), process.argv.slice(2), terminal());
  } catch (error) {
    const isNewer = error instanceof NewerDatabaseError;
    return refuse(
      isNewer
        ? `${error.message}\n`
        : `Lucy cannot use the database ${redacted(config.databaseUrl)}: ${errorMessage(error)}\nCheck DATABASE_URL, and that the database runs.\n`,
      isNewer ? 78 : 1,
    );
  } finally {
    await database.close();
  }
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
  };
}

async function askPerson(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await reader.question(question);
  } finally {
    reader.close();
  }
}

function refuse(text: string, code = 78): number {
  process.stderr.write(text);
  return code;
}

function redacted(url: string): string {
  return url.replace(/:\/\/([^:@/]+):[^@]*@/, '://$1:…@');
}

process.exitCode = await main();

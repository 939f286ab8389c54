import { parseArgs } from 'node:util';
import { backupRestore } from '#commands/backup/restore.ts';
import { openDatabase } from '#db/connection.ts';
import { restoreOffline } from '#src/backups/restore-offline.ts';
import { restoreFacts } from '#src/backups/restore-report.ts';
import type { Cause } from '#src/core/cause.ts';
import { systemClock } from '#src/core/clock.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import { errorMessage, UserError } from '#src/core/errors.ts';
import type { Settings } from '#src/core/settings.ts';
import { defang } from '#src/core/text.ts';
import { authorise } from '#src/policy/authorise.ts';
import { terminalActor } from '#src/policy/people.ts';
import { printJson, printReply } from '#src/terminal/print-reply.ts';
import type { Terminal } from '#src/terminal/run-terminal.ts';
import type { TerminalConfig } from './config.ts';

/** `lucy backup restore --file PATH`: beside every other command, because there is no database that it could open first. */
export function isOfflineRestore(argv: readonly string[]): boolean {
  return (
    argv[0] === 'backup' &&
    argv[1] === 'restore' &&
    !argv.includes('--help') &&
    argv.some((word) => word === '--file' || word.startsWith('--file='))
  );
}

const exitCodes: Readonly<Record<string, number>> = { usage: 2, invalid: 2, refused: 3, not_found: 5 };

export async function runOfflineRestore(
  argv: readonly string[],
  around: { config: TerminalConfig; settings: Settings; osUser: string; terminal: Terminal },
): Promise<number> {
  const { config, settings, osUser, terminal } = around;
  const isJson = argv.includes('--json');
  const correlationId = newCorrelationId(systemClock.now());
  const database = openDatabase(config.databaseUrl, { busyTimeoutMs: 2_000, poolMax: 1 });
  try {
    const typed = readTyped(argv.slice(2));
    const actor = terminalActor(settings, osUser, new Map());
    authorise(settings, backupRestore, actor);
    const cause: Cause = {
      actor,
      surface: 'terminal',
      correlationId,
      reason: typed.reason,
      ticket: typed.ticket,
      runId: null,
      now: systemClock.now(),
    };
    if (!typed.isYes && !(await isMeant(terminal, typed.file))) return 1;
    const mode = config.stripe?.mode ?? null;
    const deps = { database, settings, clock: systemClock, mode };
    const say = (sentence: string) => terminal.writeError(`${sentence}\n`);
    const { row, facts, kept } = await restoreOffline(deps, cause, typed.file, isJson ? () => {} : say);
    const done = { ...row, facts: JSON.stringify({ ...facts, openedAt: systemClock.now() }) };
    if (isJson) terminal.write(printJson({ done: true, restore: row.id, kept, facts, correlationId }));
    else
      terminal.write(
        printReply({
          tone: 'done',
          title:
            'The database is restored. Start Lucy now: she catches up with Stripe by herself and reports in the on-call channel.',
          facts: [
            ...restoreFacts(done),
            ...(kept ? [{ label: 'What was there before', value: { code: kept } }] : []),
          ],
          correlationId,
        }),
      );
    return 0;
  } catch (error) {
    const isTold = error instanceof UserError;
    const told = isTold
      ? { code: error.code as string, message: error.message, hint: error.hint }
      : {
          code: 'failed',
          message: errorMessage(error),
          hint: 'Nothing was replaced unless “npm start” says so.',
        };
    if (isJson) terminal.write(printJson({ error: told, correlationId }));
    else terminal.writeError(`${defang(told.message)}\n${defang(told.hint)}\n`);
    return exitCodes[told.code] ?? 1;
  } finally {
    await database.close().catch(() => {});
  }
}

function readTyped(argv: string[]): { file: string; reason: string; ticket: string | null; isYes: boolean } {
  const flag = { type: 'string' as const };
  const { values } = parseArgs({
    args: argv,
    options: {
      file: flag,
      reason: flag,
      ticket: flag,
      yes: { type: 'boolean', short: 'y' },
      json: { type: 'boolean' },
    },
    strict: false,
  });
  const text = (value: unknown) => (typeof value === 'string' ? defang(value).trim() : '');
  const [file, reason] = [text(values.file), text(values.reason)];
  if (file === '')
    throw new UserError(
      'usage',
      'Say which file.',
      'Such as: npx lucy backup restore --file data/backups/lucy-….db',
    );
  if (reason === '') throw new UserError('usage', 'Say why: --reason "…".', 'It is kept in the audit.');
  return { file, reason, ticket: text(values.ticket) || null, isYes: values.yes === true };
}

async function isMeant(terminal: Terminal, file: string): Promise<boolean> {
  if (!terminal.ask)
    throw new UserError(
      'usage',
      'Nobody is at this terminal to be asked, so --yes must be given; nothing was changed.',
      'Add --yes.',
    );
  const answer = await terminal.ask(
    `Restore ${file} over the present database, of which a copy is kept? [y/N] `,
  );
  return /^y(es)?$/i.test(answer.trim());
}

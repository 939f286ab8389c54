import { openDatabase } from '#db/connection.ts';
import type { Actor } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import { type Clock, spanWords } from '#src/core/clock.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import { errorMessage, UserError } from '#src/core/errors.ts';
import type { Log } from '#src/core/log.ts';
import { counted, defang } from '#src/core/text.ts';
import { type DbCopyReport, moveDatabase } from '#src/moving/move-database.ts';
import { reasonField } from '#src/runner/fields.ts';
import { type DbCopyWords, dbCopyHelp, maskedUrl, readDbCopyWords } from './db-copy-words.ts';
import { exitCodes } from './exit-codes.ts';
import { createMeter } from './follow.ts';
import { printJson } from './print-reply.ts';
import type { Terminal } from './run-terminal.ts';

export type DbCopyDeps = {
  /** Where Lucy is now. */
  databaseUrl: string;
  env: Readonly<Record<string, string | undefined>>;
  actor: Actor;
  clock: Clock;
  log: Log;
  terminal: Terminal;
};

/**
 * `lucy db copy`. A command of the terminal alone, and of no registry: it works on a database that no service may have
 * open, so there is no run, no approval and no Slack; who may do it is who may read the file.
 */
export async function runDbCopy(argv: readonly string[], deps: DbCopyDeps): Promise<number> {
  const { terminal, clock } = deps;
  const isJson = argv.includes('--json');
  const correlationId = newCorrelationId(clock.now());
  try {
    if (argv[0] !== 'copy' || argv.includes('--help') || argv.includes('-h')) {
      terminal.write(dbCopyHelp);
      return argv[0] === 'copy' || argv[0] === '--help' || argv[0] === undefined ? 0 : exitCodes.usage;
    }
    const words = readDbCopyWords(argv.slice(1), deps.env);
    const reason = await requireConsent(words, deps);
    const cause: Cause = {
      actor: deps.actor,
      surface: 'terminal',
      correlationId,
      reason,
      ticket: null,
      runId: null,
      now: clock.now(),
    };
    const report = await carryOut(words, cause, deps);
    terminal.write(isJson ? printJson(report) : told(report, words));
    return report.obstacles.length > 0 ? 1 : 0;
  } catch (error) {
    return tellError(error, correlationId, isJson, deps);
  }
}

async function carryOut(words: DbCopyWords, cause: Cause, deps: DbCopyDeps): Promise<DbCopyReport> {
  const { terminal, clock } = deps;
  const target = openDatabase(words.to, { poolMax: 2 });
  const meter = await createMeter(clock, terminal, words.isJson);
  try {
    const until = terminal.untilInterrupted ?? ((work) => work(new AbortController().signal));
    return await until((signal) =>
      moveDatabase({
        databaseUrl: deps.databaseUrl,
        target,
        cause,
        mode: words.mode,
        withProblems: words.withProblems,
        clock,
        report: meter.show,
        signal,
      }),
    );
  } finally {
    meter.stop();
    await target.close();
  }
}

/** @throws UserError; null is the reason of a look that changes nothing */
async function requireConsent(words: DbCopyWords, { actor, terminal }: DbCopyDeps): Promise<string | null> {
  if (actor.refusal !== null || !actor.roles.some((role) => role === 'admin' || role === 'oncall'))
    throw new UserError(
      'refused',
      actor.refusal ?? 'Moving the database is for on-call and admins.',
      'Ask one of them, or have yourself added under people: in lucy.config.yml.',
    );
  if (words.mode === 'dry run') return null;
  const missing = [words.reason === null && '--reason "why"', !words.isYes && '--yes'].filter(Boolean);
  if (!terminal.ask && missing.length > 0)
    throw new UserError(
      'usage',
      `Nobody is at this terminal to be asked, so ${missing.join(' and ')} must be given; nothing was changed.`,
      'With --dry-run you see what would happen.',
    );
  const reason = words.reason ?? (await terminal.ask?.('Reason (kept in the audit): '))?.trim();
  const said = reasonField.safeParse(reason ?? '');
  if (!said.success)
    throw new UserError(
      'usage',
      `${said.error.issues[0]?.message ?? 'Say why.'} Nothing was changed.`,
      'Add --reason "why".',
    );
  if (words.isYes || !terminal.ask) return said.data;
  const what =
    words.mode === 'copy' ? 'Everything is copied' : 'Everything is copied, verified and undone again';
  const answer = await terminal.ask(`${what} to ${maskedUrl(words.to)}. Do it? [y/N] `);
  if (/^y(es)?$/i.test(answer.trim())) return said.data;
  throw new UserError('conflict', 'Nothing was copied.', 'With --dry-run you see what would happen.');
}

function told(report: DbCopyReport, words: DbCopyWords): string {
  const where = maskedUrl(words.to);
  const size = `${counted(report.rows, 'row')} in ${counted(report.tables.length, 'table')}`;
  const lines = report.tables
    .filter(({ rows }) => rows > 0)
    .map(
      ({ name, rows, checksum }) =>
        `  ${name.padEnd(24)} ${String(rows).padStart(10)}  ${checksum.slice(0, 16)}`,
    );
  const table = [`  ${'table'.padEnd(24)} ${'rows'.padStart(10)}  checksum`, ...lines];
  return [...heading(report, where, size), '', ...table, ''].join('\n');
}

function heading(report: DbCopyReport, where: string, size: string): string[] {
  const problems = report.problems.map((problem) => `It does not hold, here as there: ${problem}`);
  const took = spanWords(report.ms);
  if (report.mode === 'copy')
    return [
      `Copied and verified: ${size} are in ${where}, each table with the same checksum, in ${took}.`,
      ...problems,
      'The SQLite database is as it was. Now start Lucy with DATABASE_URL set to the new address, and look: npx lucy status.',
      'To go back, start her with the old DATABASE_URL; what happened since is then only in Postgres.',
    ];
  if (report.mode === 'rehearse')
    return [
      `Rehearsed: ${size} went to ${where}, were verified, and were taken back, in ${took}. The target is empty again.`,
      ...problems,
      'Lucy does not start on it until the real copy is done.',
    ];
  return [
    `Dry run: ${size} would go to ${where}, about ${spanWords(report.estimateSeconds * 1_000)} of standstill. Nothing was written.`,
    ...report.obstacles,
    ...(report.obstacles.length > 0
      ? ['It would be refused as it is now.']
      : ['Both sides are fit. Next: lucy db copy --rehearse, or the copy itself with Lucy stopped.']),
  ];
}

function tellError(
  error: unknown,
  correlationId: string,
  isJson: boolean,
  { terminal, log }: DbCopyDeps,
): number {
  const isTold = error instanceof UserError;
  if (!isTold) log.error({ correlationId, err: error, event: 'command_failed' }, errorMessage(error));
  const failure = isTold
    ? { code: error.code as string, message: error.message, hint: error.hint }
    : {
        code: 'failed',
        message:
          'Something went wrong inside Lucy; the target holds nothing, and the SQLite database is as it was.',
        hint: `Look for ${correlationId} in the log. (${errorMessage(error)})`,
      };
  if (isJson) terminal.write(printJson({ error: failure, correlationId }));
  else
    terminal.writeError(
      `${defang(failure.message)}\n${defang(failure.hint)}\nCorrelation ID ${correlationId}\n`,
    );
  return isTold ? exitCodes[error.code] : 1;
}

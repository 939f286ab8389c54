import type { Actor } from '#src/core/actor.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import { errorMessage, UserError, type UserErrorCode } from '#src/core/errors.ts';
import type { Reply } from '#src/replies/reply.ts';
import { cancelRun, confirmRun } from '#src/runner/confirm-run.ts';
import { parseTokens } from '#src/runner/parse-line.ts';
import type { Request, Runner } from '#src/runner/runner.ts';
import { dryRun, startRun } from '#src/runner/start-run.ts';
import { commandHelp, overview } from './help-text.ts';
import { printReply } from './print-reply.ts';
import { translateSeedSpelling } from './seed-spellings.ts';
import { type TerminalFlags, takeTerminalFlags } from './terminal-flags.ts';

/** Exit codes of DESIGN section 9. */
const exitCodes: Record<UserErrorCode, number> = {
  usage: 2,
  invalid: 2,
  refused: 3,
  not_found: 5,
  conflict: 1,
  insufficient: 1,
  moved: 1,
  unavailable: 1,
};

/** The terminal around one command: where text goes, and whether a person sits there to be asked. */
export type Terminal = {
  write(text: string): void;
  writeError(text: string): void;
  /** Null without a TTY. */
  ask: ((question: string) => Promise<string>) | null;
};

/** Runs one command line and returns the exit code. */
export async function runTerminal(
  runner: Runner,
  actor: Actor,
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const correlationId = newCorrelationId(runner.clock.now());
  const isJson = argv.includes('--json');
  try {
    const flags = takeTerminalFlags(argv);
    const tokens = translateSeedSpelling(flags.rest);
    if (tokens === null) throw unclearAdjust();
    if (tokens.length === 0 || tokens[0] === '--help') {
      terminal.write(overview(runner.commands));
      return 0;
    }
    const parsed = parseTokens(runner.commands, tokens);
    if (parsed.isHelp) {
      terminal.write(commandHelp(parsed.command));
      return 0;
    }
    const request: Request = {
      command: parsed.command,
      raw: parsed.raw,
      actor,
      surface: 'terminal',
      correlationId,
      key: flags.key,
    };
    const { reply, code } = await carryOut(runner, request, flags, terminal);
    terminal.write(
      flags.isJson ? `${JSON.stringify(reply.json ?? null, null, 2)}\n` : printReply(withoutButtons(reply)),
    );
    return code;
  } catch (error) {
    return tellError(runner, error, correlationId, isJson, terminal);
  }
}

async function carryOut(
  runner: Runner,
  request: Request,
  flags: TerminalFlags,
  terminal: Terminal,
): Promise<{ reply: Reply; code: number }> {
  if (request.command.effect === 'reads')
    return { reply: answerOf(await startRun(runner, request)), code: 0 };
  if (flags.isDryRun) return { reply: await dryRun(runner, request), code: 0 };
  if (!terminal.ask) requireUnattended(request, flags);
  else await askForReason(request, terminal.ask);
  const started = await startRun(runner, request);
  if (started.kind !== 'preview') return { reply: started.reply, code: 0 };
  if (!flags.isYes && terminal.ask) {
    terminal.writeError(printReply({ ...started.reply, buttons: [] }));
    const answer = await terminal.ask('Do it? [y/N] ');
    if (!/^y(es)?$/i.test(answer.trim()))
      return { reply: await cancelRun(runner, started.runId, request.actor), code: 1 };
  }
  const reply = await confirmRun(runner, started.runId, request.actor, 'terminal');
  // The world moved between plan and deed: nothing was done, and a script must notice.
  return { reply, code: reply.tone === 'done' ? 0 : 1 };
}

function answerOf(started: Awaited<ReturnType<typeof startRun>>): Reply {
  return started.reply;
}

/** Without a person to ask, a change needs its reason and its yes in words. */
function requireUnattended(request: Request, flags: TerminalFlags): void {
  const missing = [!request.raw.reason && '--reason', !flags.isYes && '--yes'].filter(Boolean);
  if (missing.length === 0) return;
  throw new UserError(
    'usage',
    `Nobody is at this terminal to be asked, so ${missing.join(' and ')} must be given; nothing was changed.`,
    `Add ${missing.map((flag) => (flag === '--reason' ? '--reason "why"' : flag)).join(' ')}, or try --dry-run.`,
  );
}

async function askForReason(request: Request, ask: (question: string) => Promise<string>): Promise<void> {
  if (request.raw.reason) return;
  request.raw.reason = await ask('Reason (kept in the audit): ');
}

function tellError(
  runner: Runner,
  error: unknown,
  correlationId: string,
  isJson: boolean,
  terminal: Terminal,
): number {
  const isTold = error instanceof UserError;
  if (!isTold) runner.log.error({ correlationId, err: error, event: 'command_failed' }, errorMessage(error));
  const told = isTold
    ? { code: error.code as string, message: error.message, hint: error.hint }
    : {
        code: 'failed',
        message: 'Something went wrong inside Lucy; nothing was half done.',
        hint: `Look for ${correlationId} in the log. (${errorMessage(error)})`,
      };
  if (isJson) terminal.write(`${JSON.stringify({ error: told, correlationId }, null, 2)}\n`);
  else terminal.writeError(`${told.message}\n${told.hint}\nCorrelation ID ${correlationId}\n`);
  return isTold ? exitCodes[error.code] : 1;
}

/** Buttons are for Slack; here the same thing is said as a command to type. */
function withoutButtons(reply: Reply): Reply {
  const undo = reply.buttons?.find((button) => button.kind === 'command' && button.line.startsWith('undo '));
  if (!undo || undo.kind !== 'command') return reply;
  return {
    ...reply,
    hint: [reply.hint, `To take it back: lucy ${undo.line} --reason "…"`].filter(Boolean).join('\n'),
  };
}

function unclearAdjust(): UserError {
  return new UserError(
    'usage',
    '“entitlements adjust” needs exactly one of --grant-credits N, --consume-credits N and --set-tier TIER.',
    'For example: lucy entitlements adjust --user sofia@firm.com --grant-credits 100 --reason "lost upload" --yes',
  );
}

import type { Actor } from '#src/core/actor.ts';
import type { Clock } from '#src/core/clock.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import { UserError } from '#src/core/errors.ts';
import { defang } from '#src/core/text.ts';
import type { Reply } from '#src/replies/reply.ts';
import { cancelRun } from '#src/runner/cancel-run.ts';
import { confirmRun } from '#src/runner/confirm-run.ts';
import { parseTokens } from '#src/runner/parse-line.ts';
import type { Request, Runner } from '#src/runner/runner.ts';
import { isDoneAtOnce } from '#src/runner/start-or-do.ts';
import { dryRun, type Started, startRun } from '#src/runner/start-run.ts';
import { asTypedHere } from './as-typed-here.ts';
import { type FollowTerminal, followReply } from './follow.ts';
import { handInFiles } from './hand-in-files.ts';
import { helpFor } from './help-text.ts';
import { printJson, printReply } from './print-reply.ts';
import { hasReason, requireInputs, requireUnattended } from './require-inputs.ts';
import { translateSeedSpelling } from './seed-spellings.ts';
import { tellError } from './tell-error.ts';
import { type TerminalFlags, takeTerminalFlags, terminalFlagsOf } from './terminal-flags.ts';
import { hasFile, noFile, withWayToFile, writeOut } from './write-out.ts';

/** Somebody else has to approve it first. */
const WAITING = 4;

/** The terminal around one command: where text goes, and whether a person sits there to be asked. */
export type Terminal = FollowTerminal & {
  write(text: string): void;
  writeError(text: string): void;
  /** Null without a TTY. */
  ask: ((question: string) => Promise<string>) | null;
  /** What comes through a pipe, to its end or to so many bytes; left out where nothing does. */
  readInput?(maxBytes: number): Promise<Uint8Array>;
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
    const help = helpFor(runner.commands, tokens);
    if (help !== null) {
      terminal.write(help);
      return 0;
    }
    const parsed = parseTokens(runner.commands, tokens, terminalFlagsOf);
    const request: Request = {
      command: parsed.command,
      raw: parsed.raw,
      actor,
      surface: 'terminal',
      correlationId,
      key: flags.key,
      ...(isJson ? {} : { progress: nowAndThen(runner.clock, terminal) }),
    };
    if ('out' in parsed.command.input.shape) giveOut(request, flags);
    await handInFiles(runner, request, terminal.readInput);
    const { reply, code } = await carryOut(runner, request, flags, terminal);
    await print(withHintAsTyped(runner, reply), flags, terminal);
    // A change is done by now, whatever --out wanted.
    if (flags.out !== null && parsed.command.effect === 'reads' && !hasFile(reply)) throw noFile();
    return code;
  } catch (error) {
    return tellError(runner, error, correlationId, isJson, terminal);
  }
}

/** A line of progress, and not another one within this time. */
const PROGRESS_EVERY_MS = 2_000;

function nowAndThen(clock: Clock, terminal: Terminal): (sentence: string) => void {
  let last = clock.now();
  return (sentence) => {
    const now = clock.now();
    if (now - last < PROGRESS_EVERY_MS) return;
    last = now;
    terminal.writeError(`${defang(sentence)}\n`);
  };
}

/** A command that writes by itself is told where to. */
function giveOut(request: Request, flags: TerminalFlags): void {
  if (flags.out !== null) request.raw.out = flags.out;
  flags.out = null;
}

/** Text as a file is what was asked for, and goes alone to where it can be redirected; the words go beside it. */
async function print(reply: Reply, flags: TerminalFlags, terminal: Terminal): Promise<void> {
  const written = flags.out !== null && hasFile(reply) ? await writeOut(reply, flags.out) : null;
  if (flags.isJson) terminal.write(printJson(reply.json ?? null));
  else if (reply.file && 'text' in reply.file && written === null) {
    terminal.write(reply.file.text);
    terminal.writeError(printReply({ tone: reply.tone, title: reply.title, warnings: reply.warnings ?? [] }));
  } else terminal.write(printReply(withWayToFile(withoutButtons(reply), written)));
  if (flags.isJson && written) terminal.writeError(`${written}\n`);
}

async function carryOut(
  runner: Runner,
  request: Request,
  flags: TerminalFlags,
  terminal: Terminal,
): Promise<{ reply: Reply; code: number }> {
  if (request.command.effect === 'reads') {
    const { reply } = await startRun(runner, request);
    // A check that found something wrong answers like any other, and a script must notice.
    return { reply, code: reply.tone === 'refused' ? 1 : 0 };
  }
  requireInputs(request);
  if (flags.isDryRun) return { reply: await dryRun(runner, request), code: 0 };
  if (!terminal.ask) requireUnattended(request, flags);
  else await askForReason(request, terminal.ask);
  const started = await startRun(runner, request);
  // A script that died between asking and doing comes back with its key, and the run is carried out now.
  const isOpen = started.kind === 'preview' || (started.kind === 'repeat' && started.state === 'planned');
  if (!isOpen) return repeated(runner, started, flags, terminal);
  if (!flags.isYes && terminal.ask && !isDoneAtOnce(request.command)) {
    const written =
      flags.out !== null && hasFile(started.reply) ? await writeOut(started.reply, flags.out) : null;
    terminal.writeError(printReply(withWayToFile({ ...started.reply, buttons: [] }, written)));
    const answer = await terminal.ask('Do it? [y/N] ');
    if (!/^y(es)?$/i.test(answer.trim()))
      return { reply: await cancelRun(runner, started.runId, request.actor), code: 1 };
  }
  const confirmed = await confirmRun(runner, started.runId, request.actor, 'terminal');
  const reply = await followReply(runner, confirmed, terminal, flags.isJson);
  return { reply, code: codeOf(reply) };
}

/** What broke off in the middle goes on. */
async function repeated(
  runner: Runner,
  started: Exclude<Started, { kind: 'preview' }>,
  flags: TerminalFlags,
  terminal: Terminal,
): Promise<{ reply: Reply; code: number }> {
  const isCarrying = started.kind === 'repeat' && started.state === 'carrying';
  if (!isCarrying) return { reply: started.reply, code: codeOfRepeat(started) };
  const reply = await followReply(runner, started.reply, terminal, flags.isJson);
  return { reply, code: codeOf(reply) };
}

/** The same key again ends as the first time did, or as it ended since. */
function codeOfRepeat(started: Exclude<Started, { kind: 'preview' }>): number {
  if (started.kind === 'answer') return 0;
  if (started.state === 'waiting') return WAITING;
  return started.state === 'failed' || started.state === 'cancelled' ? 1 : 0;
}

/** The world moved between plan and deed: nothing was done, and a script must notice. */
function codeOf(reply: Reply): number {
  if (reply.tone === 'waiting') return WAITING;
  return reply.tone === 'done' || reply.tone === 'sending' ? 0 : 1;
}

async function askForReason(request: Request, ask: (question: string) => Promise<string>): Promise<void> {
  if (hasReason(request)) return;
  request.raw.reason = await ask('Reason (kept in the audit): ');
}

function withHintAsTyped({ commands }: Runner, reply: Reply): Reply {
  return reply.hint ? { ...reply, hint: asTypedHere(reply.hint, commands) } : reply;
}

/** Buttons are for Slack; here the same thing is said as a command to type. */
function withoutButtons(reply: Reply): Reply {
  const undo = reply.buttons
    ?.flatMap((button) => (button.kind === 'command' ? [button.line] : []))
    .find((line) => line.startsWith('undo '));
  if (!undo) return reply;
  const back = `To take it back: lucy ${undo} --reason "…"`;
  return { ...reply, hint: reply.hint ? `${reply.hint} ${back}` : back };
}

function unclearAdjust(): UserError {
  return new UserError(
    'usage',
    '“entitlements adjust” needs exactly one of --grant-credits N, --consume-credits N and --set-tier TIER.',
    'For example: lucy entitlements adjust --user sofia@firm.com --grant-credits 100 --reason "lost upload" --yes',
  );
}

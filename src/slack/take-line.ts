import { patiently } from '#db/transaction.ts';
import { UserError } from '#src/core/errors.ts';
import { allowedOf, mayRun } from '#src/policy/authorise.ts';
import type { Reply } from '#src/replies/reply.ts';
import type { Command } from '#src/runner/define-command.ts';
import { describeCommand } from '#src/runner/describe-command.ts';
import { isRequired } from '#src/runner/fields.ts';
import { parseLine } from '#src/runner/parse-line.ts';
import { causeOf, contextOf, type Request } from '#src/runner/runner.ts';
import { startOrDo } from '#src/runner/start-or-do.ts';
import { authoriseOrAudit } from '#src/runner/start-run.ts';
import { brief } from './brief.ts';
import { handInFiles } from './files/hand-in-files.ts';
import { withIncidentHere, withOnlyIncident } from './incident-here.ts';
import type { Asked, SlackParts } from './parts.ts';
import { refuseStranger } from './refuse-stranger.ts';
import { suggestInstead } from './suggest-instead.ts';
import { tellError } from './tell-error.ts';

/** What became of a typed line, or of a button that stands for one. */
export type Taken =
  | {
      kind: 'reply';
      reply: Reply;
      /** The line of a lookup, whose answer may be shared. */
      shareLine?: string;
      /** A line whose values a form would help to mend. */
      formLine?: string;
      /** The preview of something that a click on its button alone confirms. */
      runByClick?: string;
    }
  /** Something is missing: ask for it in a modal. */
  | { kind: 'form'; command: Command; raw: Record<string, string> }
  | { kind: 'menu' };

/**
 * Takes a line as far as it goes without changing anything: an answer, a preview, a form, or what to type instead.
 * Whatever goes wrong is part of the answer.
 */
export async function takeLine(parts: SlackParts, asked: Asked, line: string): Promise<Taken> {
  try {
    if (asked.actor.refusal !== null)
      return { kind: 'reply', reply: await refuseStranger(parts, asked, line) };
    if (line.trim() === '') return { kind: 'menu' };
    return await takeCommand(parts, asked, line);
  } catch (error) {
    const reply = tellError(parts.log, error, asked.correlationId);
    const isMendable = error instanceof UserError && Object.keys(error.fields).length > 0;
    return { kind: 'reply', reply, ...(isMendable ? { formLine: line } : {}) };
  }
}

async function takeCommand(parts: SlackParts, asked: Asked, line: string): Promise<Taken> {
  const { runner } = parts;
  const parsed = readLine(parts, asked, line);
  if (parsed.kind === 'unreadable') return { kind: 'reply', reply: parsed.reply };
  const { command, isHelp } = parsed.line;
  if (isHelp) {
    const { settings } = runner;
    const shown = { ...command, allowed: allowedOf(settings, command) };
    return { kind: 'reply', reply: describeCommand(shown, mayRun(settings, command, asked.actor)) };
  }
  const raw = await withIncidentHere(runner.database.knex, asked.origin, command, parsed.line.raw);
  const request = requestOf(asked, command, raw);
  const lacksAll = command.asksFor?.every((name) => raw[name] === undefined) ?? false;
  if (lacksAll || missingInputs(command, raw).length > 0) {
    await patiently(() => authoriseOrAudit(runner, request));
    const written = await command.prefill?.(raw, contextOf(runner, causeOf(runner, request, null)));
    const known = { ...written, ...raw };
    return {
      kind: 'form',
      command,
      raw: await withOnlyIncident(runner.database.knex, asked.actor, command, known),
    };
  }
  const handedIn = await handInFiles(parts, request);
  const started = await patiently(() => startOrDo(runner, handedIn));
  if (started.kind === 'done') {
    parts.runEnded(asked.userId, asked.actor);
    return { kind: 'reply', reply: brief(started.reply) };
  }
  return {
    kind: 'reply',
    reply: started.reply,
    ...(started.kind === 'answer' && !started.reply.isPrivate ? { shareLine: line.trim() } : {}),
    ...(started.kind === 'preview' && isDoneByClick(command) ? { runByClick: started.runId } : {}),
  };
}

function isDoneByClick(command: Command): boolean {
  return command.effect !== 'reads' && command.isDoneByClick === true;
}

export function requestOf(asked: Asked, command: Command, raw: Record<string, unknown>): Request {
  const { actor, correlationId, origin } = asked;
  return { command, raw, actor, surface: 'slack', correlationId, key: `slack:${asked.key}`, origin };
}

export function missingInputs(command: Command, raw: Record<string, unknown>): string[] {
  return Object.entries(command.input.shape)
    .filter(([name, schema]) => raw[name] === undefined && isRequired(schema))
    .map(([name]) => name);
}

function readLine(
  parts: SlackParts,
  asked: Asked,
  line: string,
): { kind: 'read'; line: ReturnType<typeof parseLine> } | { kind: 'unreadable'; reply: Reply } {
  try {
    return { kind: 'read', line: parseLine(parts.runner.commands, line) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { kind: 'unreadable', reply: suggestInstead(parts.runner, asked, line, error) };
  }
}

import type { UserError } from '#src/core/errors.ts';
import { mayRun } from '#src/policy/authorise.ts';
import type { Reply } from '#src/replies/reply.ts';
import type { Command } from '#src/runner/define-command.ts';
import { commandsNear } from '#src/runner/match-command.ts';
import { tokenize } from '#src/runner/parse-line.ts';
import type { Runner } from '#src/runner/runner.ts';
import type { Asked } from './parts.ts';

const SUGGESTIONS_MAX = 8;

/** A line that cannot be read: why, and buttons for what was probably meant. */
export function suggestInstead(
  { commands, settings }: Pick<Runner, 'commands' | 'settings'>,
  asked: Asked,
  line: string,
  error: UserError,
): Reply {
  const mine = commands.filter((command) => mayRun(settings, command, asked.actor));
  const tokens = tokenize(line);
  const near = commandsNear(mine, tokens).slice(0, SUGGESTIONS_MAX);
  return {
    tone: 'warning',
    title: error.message,
    hint: error.hint,
    correlationId: asked.correlationId,
    buttons: near.map((command) => ({
      kind: 'command',
      label: command.name,
      line: correctedLine(command, tokens, line),
    })),
  };
}

/**
 * The mistyped words replaced by the command's name, and what follows them kept as it was typed. Where the words were
 * right and something behind them was not, only the command is left, which opens its form.
 */
function correctedLine(command: Command, tokens: readonly string[], line: string): string {
  const words = command.name.split(' ');
  if (words.every((word, index) => tokens[index]?.toLowerCase() === word)) return command.name;
  const rest = line.trim().split(/\s+/).slice(words.length).join(' ');
  return `${command.name} ${rest}`.trim();
}

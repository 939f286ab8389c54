import type { Actor } from '#src/core/actor.ts';
import type { Settings } from '#src/core/settings.ts';
import { allowedOf, mayRun } from '#src/policy/authorise.ts';
import type { Reply } from '#src/replies/reply.ts';
import type { Command } from './define-command.ts';
import { allowedWords } from './describe-command.ts';
import { longestMatch } from './match-command.ts';
import { tokenize } from './parse-line.ts';

type Known = { commands: readonly Command[]; settings: Settings };

/** Who may run a line that the reader may not: `billing and admin`. Null where the reader may, or it is no command. */
export function whoElse({ commands, settings }: Known, actor: Actor, line: string): string | null {
  const command = longestMatch(commands, tokenize(line));
  if (!command || mayRun(settings, command, actor)) return null;
  return allowedWords(allowedOf(settings, command));
}

/** A button that would only refuse whoever reads it is none. */
export function withoutOthersButtons(known: Known, actor: Actor, reply: Reply): Reply {
  if (!reply.buttons) return reply;
  const buttons = reply.buttons.filter(
    (button) => button.kind !== 'command' || whoElse(known, actor, button.line) === null,
  );
  return { ...reply, buttons };
}

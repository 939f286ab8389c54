import { distance } from 'fastest-levenshtein';
import { UserError } from '#src/core/errors.ts';
import type { Command } from './define-command.ts';

/** The command that a line begins with. */
export function longestMatch(commands: readonly Command[], tokens: readonly string[]): Command | undefined {
  const typed = tokens.map((token) => token.toLowerCase());
  const matches = commands.filter((command) =>
    command.name.split(' ').every((word, index) => typed[index] === word),
  );
  return matches.sort((a, b) => b.name.length - a.name.length)[0];
}

/** The commands that were probably meant by words that cannot be read: the named one, the nearest, or the noun's. */
export function commandsNear(commands: readonly Command[], tokens: readonly string[]): Command[] {
  const named = longestMatch(commands, tokens);
  if (named) return [named];
  const typed = tokens.slice(0, 2).join(' ').toLowerCase();
  const near = nearestNames(
    commands.map((command) => command.name),
    typed,
  );
  if (near.length > 0) return commands.filter((command) => near.includes(command.name));
  return commands.filter((command) => command.name.startsWith(`${typed.split(' ')[0]} `));
}

/** A mistyped verb gets the nearest match, never silence. */
export function unknownCommand(commands: readonly Command[], typed: string): UserError {
  const noun = typed.split(' ')[0] ?? '';
  const ofNoun = commands
    .filter((command) => command.name.startsWith(`${noun} `))
    .map((command) => command.name);
  const near = nearestNames(
    commands.map((command) => command.name),
    typed,
  );
  const hint =
    near.length > 0
      ? `Did you mean “${near.join('” or “')}”?`
      : ofNoun.length > 0
        ? `“${noun}” can: ${ofNoun.join(', ')}.`
        : 'Type “help” to see everything that Lucy can do.';
  return new UserError('usage', `Lucy does not know “${typed}”.`, hint);
}

export function nearestNames(names: readonly string[], typed: string): string[] {
  const scored = names
    .map((name) => ({
      name,
      score: Math.min(distance(name, typed), distance(name, typed.split(' ')[0] ?? '')),
    }))
    .sort((a, b) => a.score - b.score);
  const best = scored[0];
  if (!best || best.score > Math.max(2, Math.floor(typed.length / 4))) return [];
  return scored
    .filter((entry) => entry.score === best.score)
    .slice(0, 2)
    .map((entry) => entry.name);
}

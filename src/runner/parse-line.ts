import { UserError } from '#src/core/errors.ts';
import type { Command } from './define-command.ts';
import { fieldMeta } from './fields.ts';
import { longestMatch, nearestNames, unknownCommand } from './match-command.ts';

/** A typed command line, understood as far as it goes: a command, and its inputs by name. */
export type ParsedLine = { command: Command; raw: Record<string, string>; isHelp: boolean };

/** Flags that people know from the seeds, and the input that each means. */
const flagAliases: Record<string, string> = {
  user: 'email',
  customer: 'email',
  credits: 'count',
  amount: 'count',
};

/** Splits as a shell would; curly quotes and no-break spaces, which phones and Macs type, are plain ones. */
export function tokenize(line: string): string[] {
  const plain = line
    .replace(/[“”„«»]/g, '"')
    .replace(/[‘’]/g, "'")
    .replace(/\u00a0/g, ' ')
    .replace(/(^|\s)[—–](?=[a-z])/g, '$1--');
  const tokens: string[] = [];
  const pattern = /(?:[^\s"']|(?<=\S)')+(?:"[^"]*")?|"([^"]*)"|(?<!\S)'([^']*)'(?!\S)|\S+/g;
  for (const match of plain.matchAll(pattern)) {
    tokens.push(match[1] ?? match[2] ?? match[0].replace(/="([^"]*)"$/, '=$1'));
  }
  return tokens;
}

export function parseLine(commands: readonly Command[], line: string): ParsedLine {
  return parseTokens(commands, tokenize(line));
}

/**
 * For the terminal, whose shell has split the words already.
 *
 * @param flagsAround what the surface itself takes besides, such as `--json`, for whoever mistypes one
 */
export function parseTokens(
  commands: readonly Command[],
  tokens: readonly string[],
  flagsAround: (command: Command) => readonly string[] = () => [],
): ParsedLine {
  const command = matchCommand(commands, tokens);
  const rest = tokens.slice(command.name.split(' ').length);
  return readInputs(command, rest, flagsAround);
}

function matchCommand(commands: readonly Command[], tokens: readonly string[]): Command {
  const best = longestMatch(commands, tokens);
  if (best) return best;
  throw unknownCommand(commands, tokens.slice(0, 2).join(' '));
}

function readInputs(
  command: Command,
  tokens: readonly string[],
  flagsAround: (command: Command) => readonly string[],
): ParsedLine {
  const names = namesOfInputs(command);
  const raw: Record<string, string> = {};
  const positionals: string[] = [];
  let isHelp = false;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] ?? '';
    // An email may begin with hyphens; a flag holds no @ before its value.
    if (!token.startsWith('--') || /^[^=\s]+@[^=\s]+$/.test(token)) {
      positionals.push(token);
      continue;
    }
    const [flag = '', inline] = splitOnce(token.slice(2), '=');
    if (flag === 'help') {
      isHelp = true;
      continue;
    }
    const name = inputOfFlag(names, flag);
    if (!name)
      throw unknownFlag(
        command,
        [...names.map((known) => `--${flagOf(known)}`), ...flagsAround(command)],
        flag,
      );
    const next = tokens[index + 1];
    if (inline === undefined && isFlag(command, name) && next !== 'true' && next !== 'false') {
      raw[name] = 'true';
      continue;
    }
    if (inline === undefined && (next === undefined || next.startsWith('--'))) {
      throw new UserError(
        'usage',
        `--${flag} needs a value.`,
        `For example: ${command.examples[0] ?? command.name}`,
        { [name]: 'Give a value.' },
      );
    }
    raw[name] = inline ?? next ?? '';
    if (inline === undefined) index++;
  }
  takePositionals(command, positionals, raw);
  return { command, raw, isHelp };
}

/** A change always takes its reason by that name, even where another input says why when it is left out. */
function namesOfInputs(command: Command): string[] {
  const names = Object.keys(command.input.shape);
  const hasOwnReason = command.effect !== 'reads' && command.reasonFrom !== undefined;
  return hasOwnReason && !names.includes('reason') ? [...names, 'reason'] : names;
}

function takePositionals(command: Command, given: string[], raw: Record<string, string>): void {
  const open = command.positionals.filter((name) => raw[name] === undefined);
  if (command.takesRest && given.length > open.length && open.length > 0)
    given = [...given.slice(0, open.length - 1), given.slice(open.length - 1).join(' ')];
  if (given.length > open.length) {
    throw new UserError(
      'usage',
      `“${given[open.length]}” is one word too many for “${command.name}”.`,
      `Put text with spaces in quotes. For example: ${command.examples[0] ?? command.name}`,
    );
  }
  given.forEach((value, index) => {
    const name = open[index];
    if (name) raw[name] = value;
  });
}

export function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function inputOfFlag(names: readonly string[], flag: string): string | undefined {
  const lower = flag.toLowerCase();
  const known = names.find((name) => flagOf(name) === lower);
  if (known) return known;
  const alias = flagAliases[lower];
  return alias && names.includes(alias) ? alias : undefined;
}

/** An input that is said by naming it, and needs no value. */
function isFlag(command: Command, name: string): boolean {
  const schema = command.input.shape[name];
  return schema !== undefined && fieldMeta(schema).control === 'flag';
}

function unknownFlag(command: Command, flags: readonly string[], flag: string): UserError {
  const near = nearestNames(flags, `--${flag.toLowerCase()}`);
  const meant = near.length > 0 ? `Did you mean ${near.join(' or ')}? ` : '';
  const known = flags.length > 0 ? `It knows ${flags.join(', ')}.` : 'It takes none.';
  return new UserError('usage', `“${command.name}” does not know --${flag}.`, `${meant}${known}`);
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

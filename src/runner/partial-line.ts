import { UserError } from '#src/core/errors.ts';
import type { Measures } from '#src/policy/measures.ts';
import type { Command } from './define-command.ts';
import { type ParsedLine, parseTokens, tokenize } from './parse-line.ts';

/** Inputs that name whom or what it is about, and say nothing of how much. */
const subjects: readonly string[] = ['email', 'payment'];

/** Stands where a customer was left out, and is never looked up. */
const SOMEBODY = '-';

/**
 * Reads a line that nobody means to run: what is missing may be missing, and the customer, or the payment, may
 * be left out of the middle (`credits grant 900`).
 */
export function parsePartialLine(commands: readonly Command[], line: string): ParsedLine {
  const tokens = tokenize(line.trim().replace(/^\/?lucy\s+/, ''));
  const parsed = parseTokens(commands, tokens);
  const { command, raw } = parsed;
  const [subject = ''] = command.positionals;
  const named = raw[subject];
  if (!subjects.includes(subject) || named === undefined || isSubject(named)) return parsed;
  const words = command.name.split(' ').length;
  try {
    const filled = parseTokens(commands, tokens.toSpliced(words, 0, SOMEBODY));
    const { [subject]: _somebody, ...rest } = filled.raw;
    return { ...filled, raw: rest };
  } catch (error) {
    if (error instanceof UserError) return parsed;
    throw error;
  }
}

function isSubject(word: string): boolean {
  return word.includes('@') || /^[a-z]+_/.test(word);
}

/**
 * How much a partial line is, as far as it says.
 *
 * @throws UserError for a value that is given and wrong
 */
export function measureLine({ command, raw }: ParsedLine, now: number): Measures {
  const input: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(command.input.shape)) {
    if (raw[name] === undefined) continue;
    const parsed = schema.safeParse(raw[name]);
    if (!parsed.success) {
      const message = parsed.error.issues[0]?.message ?? 'That is no value for it.';
      throw new UserError(
        'usage',
        `${name}: ${message}`,
        `For example: ${command.examples[0] ?? command.name}`,
      );
    }
    input[name] = parsed.data;
  }
  return command.measure?.(input, now) ?? {};
}

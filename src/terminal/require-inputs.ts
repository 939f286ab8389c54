import { UserError } from '#src/core/errors.ts';
import { fieldMeta, isRequired } from '#src/runner/fields.ts';
import { flagOf } from '#src/runner/parse-line.ts';
import { type Request, reasonInput } from '#src/runner/runner.ts';
import { shellWords } from './tell-choice.ts';
import type { TerminalFlags } from './terminal-flags.ts';

/**
 * What a change is about comes before how it is confirmed; the reason is asked for after it.
 *
 * @throws UserError that names each required input that is missing, in the field’s own words
 */
export function requireInputs({ command, raw }: Request): void {
  const fields: Record<string, string> = {};
  for (const [name, schema] of Object.entries(command.input.shape)) {
    if (name === 'reason' || raw[name] !== undefined || !isRequired(schema)) continue;
    fields[name] =
      schema.safeParse(undefined).error?.issues[0]?.message ?? `Give the ${fieldMeta(schema).label}.`;
  }
  const said = Object.entries(fields).map(([name, message]) => {
    const asTyped = command.positionals.includes(name) ? name.toUpperCase() : `--${flagOf(name)}`;
    return `${asTyped} is missing: ${message}`;
  });
  if (said.length === 0) return;
  const [example = command.name] = command.examples;
  throw new UserError('usage', `${said.join(' ')} Nothing was changed.`, `For example: ${example}`, fields);
}

/** Without a person to ask, a change needs its reason and its yes in words. */
export function requireUnattended(request: Request, flags: TerminalFlags): void {
  const missing = [...(hasReason(request) ? [] : ['--reason']), ...(flags.isYes ? [] : ['--yes'])];
  if (missing.length === 0) return;
  const added = missing.map((flag) => (flag === '--reason' ? '--reason "why"' : flag));
  throw new UserError(
    'usage',
    `Nobody is at this terminal to be asked, so ${missing.join(' and ')} must be given; nothing was changed.`,
    `With a reason and --dry-run you see what would happen. To do it: lucy ${[shellWords(flags.typed), ...added].join(' ')}`,
  );
}

/** Where another input says why, it is required anyhow. */
export function hasReason({ command, raw }: Request): boolean {
  return Boolean(raw.reason) || reasonInput(command) !== 'reason';
}

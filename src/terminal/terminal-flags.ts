import { UserError } from '#src/core/errors.ts';
import type { Command } from '#src/runner/define-command.ts';

/** Flags that belong to the terminal, not to a command. */
export type TerminalFlags = {
  isJson: boolean;
  isDryRun: boolean;
  isYes: boolean;
  key: string | null;
  /** Where the file of the answer goes. */
  out: string | null;
  /** As it was typed, to be shown again with what is missing. */
  typed: readonly string[];
  rest: string[];
};

/** Those that a command can be given here, besides its own. */
export function terminalFlagsOf({ effect }: Pick<Command, 'effect'>): string[] {
  const ofChanges = effect === 'reads' ? [] : ['--dry-run', '--yes', '--idempotency-key'];
  return [...ofChanges, '--out', '--json', '--help'];
}

/** Takes the terminal's own flags out of what was typed; the rest is for the command. */
export function takeTerminalFlags(argv: readonly string[]): TerminalFlags {
  const flags: TerminalFlags = {
    isJson: false,
    isDryRun: false,
    isYes: false,
    key: null,
    out: null,
    typed: argv,
    rest: [],
  };
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? '';
    if (word === '--json') flags.isJson = true;
    else if (word === '--dry-run') flags.isDryRun = true;
    else if (word === '--yes' || word === '-y') flags.isYes = true;
    else if (word === '-h') flags.rest.push('--help');
    else if (word === '--idempotency-key') flags.key = checkedKey(argv[++index]);
    else if (word.startsWith('--idempotency-key='))
      flags.key = checkedKey(word.slice('--idempotency-key='.length));
    else if (word === '--out') flags.out = checkedPath(argv[++index]);
    else if (word.startsWith('--out=')) flags.out = checkedPath(word.slice('--out='.length));
    else flags.rest.push(word);
  }
  return flags;
}

function checkedKey(key: string | undefined): string {
  if (key && /^[\x21-\x7e]{1,200}$/.test(key) && !key.startsWith('--')) return `key:${key}`;
  throw new UserError(
    'usage',
    '--idempotency-key needs a value of 1 to 200 characters without spaces.',
    'For example: --idempotency-key ticket-812-grant',
  );
}

function checkedPath(path: string | undefined): string {
  if (path && !path.startsWith('--')) return path;
  throw new UserError('usage', '--out needs the name of a file.', 'For example: --out answer.png');
}

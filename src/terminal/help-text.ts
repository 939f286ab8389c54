import type { Command } from '#src/runner/define-command.ts';
import { fieldMeta, isRequired } from '#src/runner/fields.ts';
import { flagOf, parseTokens } from '#src/runner/parse-line.ts';
import { usageOf } from '#src/runner/usage.ts';
import type { HelpPages } from './help-page.ts';
import { seedSpellings } from './seed-spellings.ts';

/** The help that these words ask for, or null when they ask for something else. Needs nothing but the definitions. */
export function helpFor(commands: readonly Command[], tokens: readonly string[]): string | null {
  if (tokens.length === 0 || tokens[0] === '--help') return overview(commands);
  const ofNoun = commandsOfNoun(commands, tokens);
  if (ofNoun.length > 0) return nounHelp(ofNoun);
  if (!tokens.includes('--help')) return null;
  if (tokens[0] === 'entitlements') return adjustHelp;
  const { command, isHelp } = parseTokens(commands, tokens);
  return isHelp ? commandHelp(command) : null;
}

/** Every page that `helpFor` knows, ahead of being asked. */
export function pagesOf(commands: readonly Command[]): HelpPages {
  const page = (words: string) => helpFor(commands, [...words.split(' '), '--help']) ?? '';
  const names = [...commands.map(({ name }) => name), 'entitlements adjust'];
  const nouns = new Set(commands.map(({ name }) => name.split(' ')[0] ?? ''));
  const isNoun = (word: string) => commandsOfNoun(commands, [word]).length > 0;
  return {
    overview: overview(commands),
    nouns: Object.fromEntries([...nouns].filter(isNoun).map((noun) => [noun, page(noun)])),
    commands: Object.fromEntries(names.map((name) => [name, page(name)])),
  };
}

/** `incident` and `incident --help` name no command, only what it would be about. */
function commandsOfNoun(commands: readonly Command[], tokens: readonly string[]): Command[] {
  const [noun = '', ...rest] = tokens.map((token) => token.toLowerCase());
  const isAlone = rest.every((token) => token === '--help');
  if (!isAlone || commands.some(({ name }) => name === noun)) return [];
  return commands.filter(({ name }) => name.startsWith(`${noun} `));
}

function nounHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => usageOf(command).length));
  return [
    ...commands.map((command) => `  lucy ${usageOf(command).padEnd(width)}  ${command.summary}`),
    '',
    `More about one of them: lucy ${commands[0]?.name ?? 'help'} --help`,
    '',
  ].join('\n');
}

/** The support runbook's own spelling (section 3) stands for three commands, so it has a help of its own. */
const adjustHelp = `Adjust a customer’s credits or tier, in the support runbook’s own spelling.

Usage: lucy entitlements adjust --user EMAIL (--grant-credits N | --consume-credits N | --set-tier TIER) --reason …

  --user             Login email (required)
  --grant-credits    Give credits; the same as credits grant
  --consume-credits  Take used credits; the same as credits consume
  --set-tier         Set the tier by hand; the same as tier set
  --reason           Why; kept in the audit (required)
  --ticket           The support ticket, such as ZD-812 (optional)
  --dry-run          Show what would happen, and change nothing
  --yes              Do not ask before doing it
  --idempotency-key  The same key is the same run: once, however often
  --json             Print JSON

For example:
  lucy entitlements adjust --user sofia@firm.com --grant-credits 100 --reason "lost upload"
  lucy entitlements adjust --user sofia@firm.com --consume-credits 50 --reason "support-adjustment"
  lucy entitlements adjust --user sofia@firm.com --set-tier pro --reason "upgrade is late"
`;

/** `--help` of one command, derived from its definition. */
export function commandHelp(command: Command): string {
  const rows = Object.entries(command.input.shape).map(([name, schema]) => {
    const meta = fieldMeta(schema);
    const need = isRequired(schema) ? 'required' : 'optional';
    const hint = meta.hint ? `. ${meta.hint}` : '';
    if (meta.control === 'flag')
      return [`--${flagOf(name)}`, `${meta.label} (optional, takes no value)${hint}`];
    return [
      `--${flagOf(name)}`,
      `${meta.label}${meta.options ? `: ${meta.options.join(', ')}` : meta.placeholder ? `, such as ${meta.placeholder}` : ''} (${need})${hint}`,
    ];
  });
  if (command.effect !== 'reads') {
    rows.push(['--dry-run', 'Show what would happen, and change nothing']);
    rows.push(['--yes', 'Do not ask before doing it']);
    rows.push(['--idempotency-key', 'The same key is the same run: once, however often']);
  }
  if (!('out' in command.input.shape))
    rows.push(['--out', 'Write the file or picture of the answer here, where it has one']);
  rows.push(['--json', 'Print JSON']);
  const width = Math.max(...rows.map(([flag]) => flag?.length ?? 0));
  return [
    `${command.summary}.`,
    '',
    `Usage: lucy ${usageOf(command)}`,
    '',
    ...rows.map(([flag, text]) => `  ${(flag ?? '').padEnd(width)}  ${text}`),
    '',
    'For example:',
    ...command.examples.map((example) => `  lucy ${example}`),
    '',
  ].join('\n');
}

/** `lucy --help`. */
export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => usageOf(command).length));
  return [
    'Lucy does what the operations playbook and the support runbook say.',
    '',
    'Usage: lucy NOUN VERB … [--json] [--dry-run] [--yes]',
    '',
    ...commands.map((command) => `  ${usageOf(command).padEnd(width)}  ${command.summary}`),
    '',
    'The playbook’s and the runbook’s own spellings work too:',
    ...seedSpellings.map(
      (spelling) => `  ${spelling.words.join(' ').padEnd(width)}  the same as ${spelling.means}`,
    ),
    '',
    'To move from SQLite to Postgres: lucy db copy --help',
    'More about one command: lucy NOUN VERB --help',
    '',
  ].join('\n');
}

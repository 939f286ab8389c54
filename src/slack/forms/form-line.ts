import type { Command } from '#src/runner/define-command.ts';
import { flagOf } from '#src/runner/parse-line.ts';

/** What a form holds, as a line that a shell takes: `audit export --from 2026-11-01 --reason 'lost upload'`. */
export function formLine(command: Command, raw: Readonly<Record<string, string>>): string {
  const flags = Object.entries(raw).map(([name, value]) => `--${flagOf(name)} ${inShell(value)}`);
  return [command.name, ...flags].join(' ');
}

/** In single quotes a shell reads nothing; the one character that ends them gives way to its look-alike. */
function inShell(value: string): string {
  return /^[\w@.:+-]+$/.test(value) ? value : `'${value.replaceAll("'", '’')}'`;
}

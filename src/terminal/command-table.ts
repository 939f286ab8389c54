import type { Command } from '#src/runner/define-command.ts';
import { allowedWords } from '#src/runner/describe-command.ts';
import { usageOf } from '#src/runner/usage.ts';

const BEGIN = '<!-- commands -->';
const END = '<!-- /commands -->';

/** Every command as a Markdown table, derived from the definitions, so that the README cannot lie. */
export function commandTable(commands: readonly Command[]): string {
  const rows = commands.map((command) => [
    `\`${usageOf(command)}\``,
    command.summary,
    allowedWords(command.allowed),
    command.effect,
  ]);
  return [['Command', 'What it does', 'Who', 'Effect'], ['---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

/** The document with the block between its markers written anew. A document without them is a mistake. */
export function withCommandTable(document: string, commands: readonly Command[]): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END, begin);
  if (begin === -1 || end === -1)
    throw new Error(`The document needs the lines ${BEGIN} and ${END}, with the table between them.`);
  return `${document.slice(0, begin)}${BEGIN}\n${commandTable(commands)}\n${document.slice(end)}`;
}

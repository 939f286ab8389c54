import { isPlain, isPlainKey } from './plain.ts';
import type { Scrub } from './scrub.ts';

/**
 * A line of known words and ids, with pseudonyms for the ids. Digits stay only where a command has a field for them, such as
 * the count of `credits grant`: elsewhere they may be a telephone.
 *
 * @returns null when one word of it could be prose
 */
export function scrubLine(text: string, { pseudonyms, words, commands }: Scrub): string | null {
  const parts = text.split(' ');
  const command = commands
    .filter(({ name }) => `${text} `.startsWith(`${name} `))
    .sort((a, b) => b.name.length - a.name.length)[0];
  const fields = command ? fieldsOf(parts.slice(command.name.split(' ').length), command.positionals) : [];
  const before = parts.length - fields.length;
  const said = parts.map((part, index) => {
    if (words.has(part)) return part;
    const field = fields[index - before];
    return field !== undefined && isPlainKey(field) && isPlain(part) ? part : pseudonyms.shaped(part);
  });
  return said.includes(null) ? null : said.join(' ');
}

/** The field that each word fills; that of a flag is none. What is typed as `--count=5` counts as prose. */
function fieldsOf(parts: readonly string[], positionals: readonly string[]): string[] {
  let next = 0;
  return parts.map((part, index) => {
    if (part.startsWith('--')) return '';
    const flag = parts[index - 1] ?? '';
    return flag.startsWith('--') ? flag.slice(2) : (positionals[next++] ?? '');
  });
}

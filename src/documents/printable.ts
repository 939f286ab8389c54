import { defang } from '#src/core/text.ts';

/**
 * What a customer's records hold is drawn as it is, but for what turns text round or hides it; a name of any script that
 * the font has stays.
 */
export function printable(text: string, keepNewlines = false): string {
  return defang(text, keepNewlines).replaceAll('\t', ' ');
}

import { idForm } from './id-forms.ts';
import { isOpenMap, keysOfOthers, keysOfWords, knownKeys } from './json-keys.ts';
import { isPlain, isPlainKey } from './plain.ts';
import type { Scrub } from './scrub.ts';
import { scrubCommand, scrubForeign, scrubPhrase, scrubWord } from './scrub-text.ts';

/**
 * - `ours`: our code or Stripe chose the keys, and the words under some of them.
 * - `input`: as typed; a word stays only when it is a known one.
 * - `others`: keys and numbers say something, too.
 */
export type Whose = 'ours' | 'input' | 'others';

/** JSON text with the same shape; what is no JSON is taken as one text. */
export function scrubJson(text: string, scrub: Scrub, whose: Whose = 'ours'): string {
  return JSON.stringify(scrubValue(parsed(text), '', scrub, whose));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function scrubValue(value: unknown, key: string, scrub: Scrub, whose: Whose): unknown {
  if (typeof value === 'string') return scrubString(value, key, scrub, whose);
  if (typeof value === 'number') return staysNumber(value, key, scrub, whose) ? value : 0;
  // A copy is of test mode altogether, else its events would be set apart.
  if (key === 'livemode') return false;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((inner) => scrubValue(inner, key, scrub, whose));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      scrubKey(name, scrub, whose),
      scrubValue(inner, name, scrub, isOpenMap(name) ? 'others' : whose),
    ]),
  );
}

/** Under a key that nobody knows, a number may be a telephone or a birthday. */
function staysNumber(value: number, key: string, scrub: Scrub, whose: Whose): boolean {
  if (whose === 'others' || keysOfOthers.has(key)) return false;
  if (key === '') return isPlain(String(value));
  return isKnown(key, scrub, whose) || idForm(key).kind === 'prefixed';
}

function scrubString(value: string, key: string, scrub: Scrub, whose: Whose): string {
  if (whose === 'others') return scrubForeign(value, scrub);
  if (key === 'currency' && /^[a-zA-Z]{3}$/.test(value)) return value;
  if (key === 'name') return scrub.pseudonyms.name(value);
  if (keysOfOthers.has(key)) return scrubForeign(value, scrub);
  if (isPlainKey(key) && isPlain(value)) return value;
  if (whose === 'ours' && key === 'command') return scrubCommand(value, scrub);
  if (whose === 'ours' && keysOfWords.has(key)) return scrubWord(value, scrub);
  return scrubPhrase(value, scrub);
}

function scrubKey(name: string, scrub: Scrub, whose: Whose): string {
  return isKnown(name, scrub, whose) ? name : scrub.pseudonyms.foreign(name);
}

function isKnown(key: string, { words }: Scrub, whose: Whose): boolean {
  return knownKeys.has(key) || (whose !== 'others' && words.has(key));
}

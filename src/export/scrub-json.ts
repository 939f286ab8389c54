import { keysOfWords, knownKeys } from './json-keys.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { scrubPhrase, scrubWord } from './scrub-text.ts';

export type Scrub = { pseudonyms: Pseudonyms; words: ReadonlySet<string> };

/** JSON text with the same shape; what is no JSON is taken as one text. */
export function scrubJson(text: string, scrub: Scrub, isStrict = false): string {
  return JSON.stringify(scrubValue(parsed(text), '', scrub, isStrict));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** @param isStrict others chose the keys and the numbers, so they say something too */
function scrubValue(value: unknown, key: string, scrub: Scrub, isStrict: boolean): unknown {
  if (typeof value === 'string') return scrubString(value, key, scrub, isStrict);
  if (typeof value === 'number') return isStrict || secretNumbers.has(key) ? 0 : value;
  // A copy is of test mode altogether, else its events would be set apart.
  if (key === 'livemode') return false;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((inner) => scrubValue(inner, key, scrub, isStrict));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      scrubKey(name, scrub, isStrict),
      scrubValue(inner, name, scrub, isStrict || openMaps.has(name)),
    ]),
  );
}

function scrubString(value: string, key: string, scrub: Scrub, isStrict: boolean): string {
  if (key === 'currency' && /^[a-zA-Z]{3}$/.test(value)) return value;
  if (!isStrict && keysOfWords.has(key)) return scrubWord(value, scrub.pseudonyms);
  return scrubPhrase(value, scrub.pseudonyms, scrub.words);
}

function scrubKey(name: string, { pseudonyms, words }: Scrub, isStrict: boolean): string {
  if (knownKeys.has(name) || (!isStrict && words.has(name))) return name;
  return pseudonyms.id(name);
}

/** Maps whose keys are chosen by whoever fills them. */
const openMaps = new Set(['metadata', 'meta', 'custom_fields', 'card_checks']);
const secretNumbers = new Set(['exp_month', 'exp_year', 'birth', 'day', 'month', 'year']);

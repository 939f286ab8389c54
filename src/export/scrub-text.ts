import { idForm } from './id-forms.ts';
import type { Scrub } from './scrub.ts';
import { scrubLine } from './scrub-line.ts';

const FILLER = 'redacted ';

/** As many characters, and nothing of what they said. */
export function filler(text: string): string {
  return FILLER.repeat(Math.ceil(text.length / FILLER.length)).slice(0, text.length);
}

/** A command line, a key or a code, with pseudonyms in it; filler when one word of it could be prose. */
export function scrubPhrase(text: string, scrub: Scrub): string {
  const { pseudonyms, words } = scrub;
  if (text === '' || words.has(text)) return text;
  const said = scrubLine(text, scrub);
  if (said !== null) return said;
  return text.includes(' ') ? filler(text) : pseudonyms.id(text);
}

/** What others chose: an id, or whatever. Of our words, only the ids of what is sold stay. */
export function scrubForeign(text: string, { pseudonyms, sold }: Scrub): string {
  if (sold.has(text)) return text;
  return text.trim().includes(' ') ? filler(text) : pseudonyms.foreign(text);
}

/** What our code or Stripe chose from a list: one word in small letters, or several that are known. */
export function scrubWord(text: string, { pseudonyms, words }: Scrub): string {
  const isWord = /^[a-z][a-z_.-]{0,59}$/.test(text) && idForm(text).kind === 'other';
  return isWord || words.has(text) ? text : pseudonyms.id(text);
}

/** What Lucy does has a name of a few such words, such as `credits hold settle`; nobody types it freely. */
export function scrubCommand(text: string, scrub: Scrub): string {
  const isName = text
    .split(' ')
    .every((word) => /^[a-z][a-z_-]{0,30}$/.test(word) && idForm(word).kind === 'other');
  return isName ? text : scrubWord(text, scrub);
}

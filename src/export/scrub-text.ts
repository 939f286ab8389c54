import { idForm } from './id-forms.ts';
import type { Pseudonyms } from './pseudonyms.ts';

const FILLER = 'redacted ';

/** As many characters, and nothing of what they said. */
export function filler(text: string): string {
  return FILLER.repeat(Math.ceil(text.length / FILLER.length)).slice(0, text.length);
}

/**
 * A command line, a key or a code, with pseudonyms in it; filler when one word of it could be prose.
 *
 * @param words of which command lines are made
 */
export function scrubPhrase(text: string, pseudonyms: Pseudonyms, words: ReadonlySet<string>): string {
  if (text === '' || words.has(text)) return text;
  const parts = text.split(' ');
  const said = parts.map((part) => (words.has(part) ? part : pseudonyms.token(part)));
  if (said.every((part) => part !== null)) return said.join(' ');
  return parts.length === 1 ? pseudonyms.id(text) : filler(text);
}

/** What our code or Stripe chose from a list: small letters, a few words at most. */
export function scrubWord(text: string, pseudonyms: Pseudonyms): string {
  const isWord = /^[a-z][a-z_.-]{0,59}( [a-z][a-z-]{0,30}){0,3}$/.test(text);
  return isWord && idForm(text).kind === 'other' ? text : pseudonyms.id(text);
}

import { randomBytes } from 'node:crypto';
import type { Settings } from '#src/core/settings.ts';
import { createPseudonyms, type Pseudonyms } from './pseudonyms.ts';
import { exportWords, wordsOfSold } from './words.ts';

/** What of a command its lines show. */
export type LineOf = { name: string; positionals: readonly string[]; input: { shape: object } };

export type Scrub = {
  pseudonyms: Pseudonyms;
  /** What stays as it is where our code or Stripe chose it. */
  words: ReadonlySet<string>;
  /** Prices and products of the settings. */
  sold: ReadonlySet<string>;
  commands: readonly LineOf[];
};

/** Under a key that is known to nobody and kept nowhere: with it, every pseudonym could be tried out. */
export function createScrub(settings: Settings, commands: readonly LineOf[]): Scrub {
  const words = exportWords(settings, commands);
  return {
    pseudonyms: createPseudonyms(randomBytes(32), words),
    words,
    sold: wordsOfSold(settings),
    commands,
  };
}

import { clamp, defang } from '#src/core/text.ts';

/** Code points that one visible character takes at most before it counts as an attempt to hide something. */
const WIDEST = 8;

/**
 * Foreign text, harmless and no longer than `max` code points. Only as much of it is looked at as can be shown: a reply may
 * hold thousands of long texts, and whoever waits for an answer waits three seconds.
 */
export function shorten(text: string, max: number, keepNewlines = false): string {
  const looked = text.slice(0, max * WIDEST);
  if (looked.length === text.length) return clamp(defang(text, keepNewlines), max);
  const head = defang(looked.toWellFormed(), keepNewlines);
  return clamp(`${head}…`, max);
}

/** A command line to click or to type: what was typed so far is kept, and what was left out stays out. */
export function lineWithFlags(
  words: string,
  flags: readonly [flag: string, value: string | undefined][],
): string {
  const given = flags.flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}=${quoted(value)}`]));
  return [words, ...given].join(' ');
}

/** A line has no escapes, so quotes inside of a text become apostrophes: they must not end it early. */
function quoted(text: string): string {
  return /^[\w@.:#/-]+$/.test(text) ? text : `"${text.replace(/["“”„«»]/g, '’').replace(/\s+/g, ' ')}"`;
}

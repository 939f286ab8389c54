/** Number of things in words: `1 credit`, `100 credits`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? singular : plural}`;
}

/** Code points, as Slack counts; never splits a surrogate pair. */
export function clamp(text: string, max: number): string {
  const points = Array.from(text);
  if (points.length <= max) return text;
  return `${points.slice(0, max - 1).join('')}…`;
}

/**
 * Takes out what could forge a log line, hide text or turn its direction round: control characters, zero-width
 * characters and bidirectional overrides. Newlines become spaces unless they are kept.
 */
export function defang(text: string, keepNewlines = false): string {
  const oneLine = keepNewlines ? text : text.replace(/[\r\n\u2028\u2029]+/g, ' ');
  return oneLine.replace(/(?![\n\t])[\p{Cc}\p{Cf}]/gu, '');
}

/** `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

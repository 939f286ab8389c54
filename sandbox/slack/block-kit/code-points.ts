/** Slack counts with mb_strlen: an emoji outside the BMP is one character (slack-facts section 2, "Counting"). */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

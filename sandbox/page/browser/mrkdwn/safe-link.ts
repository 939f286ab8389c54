/** The address if it may be opened from a message, else null: `javascript:` and its like are never links. */
export function safeLink(url: string): string | null {
  try {
    const { protocol } = new URL(url);
    return protocol === 'https:' || protocol === 'http:' || protocol === 'mailto:' ? url : null;
  } catch {
    return null;
  }
}

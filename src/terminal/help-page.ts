/** Help that was made ahead: all commands, one noun’s, and one command’s. */
export type HelpPages = {
  overview: string;
  nouns: Readonly<Record<string, string>>;
  commands: Readonly<Record<string, string>>;
};

/**
 * The page that these words ask for and nothing else, or null: whatever is not plain (a flag beside it, a typo, no
 * `--help` at all) is for help-text.ts to judge, which made the pages and knows the commands.
 */
export function pageFor(pages: HelpPages, tokens: readonly string[]): string | null {
  if (tokens.length === 0 || tokens[0] === '--help') return pages.overview;
  const at = tokens.indexOf('--help');
  const name = (at === -1 ? tokens : tokens.slice(0, at)).join(' ').toLowerCase();
  if (at !== -1 && tokens.slice(at).some((token) => token !== '--help')) return null;
  if (Object.hasOwn(pages.nouns, name)) return pages.nouns[name] ?? null;
  return at !== -1 && Object.hasOwn(pages.commands, name) ? (pages.commands[name] ?? null) : null;
}

import type { HelpPages } from '#src/terminal/help-page.ts';

/** What `--help` prints, by the words before it. A bundle brings it ready (build/bundle.ts); the sources make it when asked. */
export const helpPages: HelpPages | null = null;

/**
 * How much of a reply is shown. Slack refuses a message whole for one text that is too long, so a reply that does
 * not fit is rendered again with less, until it does; what is left out is said.
 */
export type Limits = {
  title: number;
  value: number;
  sentence: number;
  paste: number;
  facts: number;
  sections: number;
  rows: number;
  columns: number;
  cell: number;
};

const roomy: Limits = {
  title: 300,
  value: 500,
  sentence: 600,
  paste: 2_500,
  facts: 24,
  sections: 10,
  rows: 60,
  columns: 20,
  cell: 60,
};

export const levels: readonly Limits[] = [
  roomy,
  { ...roomy, rows: 25, cell: 40 },
  { ...roomy, rows: 10, cell: 30, value: 200, sentence: 300, paste: 1_500 },
  {
    title: 200,
    value: 80,
    sentence: 160,
    paste: 1_000,
    facts: 12,
    sections: 6,
    rows: 4,
    columns: 8,
    cell: 20,
  },
  // Whatever a reply contains, this fits.
  { title: 200, value: 40, sentence: 120, paste: 400, facts: 6, sections: 3, rows: 2, columns: 6, cell: 12 },
];

/** Slack counts some 12,000 characters over all blocks, with a margin that it does not publish (bolt-js#2509). */
export const CHARACTERS_MAX = 9_000;
/** 50 in a message, 100 in a view (docs.slack.dev/reference/block-kit/blocks); the lower one holds everywhere. */
export const BLOCKS_MAX = 50;
/** As many as `help` needs: one for each thing that Lucy knows about. */
export const BUTTONS_MAX = 32;
export const WARNINGS_MAX = 5;
export const CHANGES_MAX = 12;

/** Code points of all texts in a tree of blocks. */
export function charactersIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, inner) => sum + charactersIn(inner), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, inner]) =>
      sum + (key === 'text' && typeof inner === 'string' ? Array.from(inner).length : charactersIn(inner)),
    0,
  );
}

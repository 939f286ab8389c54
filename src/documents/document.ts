/** What a document says, before it is set: the same words make the same pages. */
export type Document = {
  title: string;
  /** Under the title: what it is about, a line each. */
  about: readonly string[];
  /** At the foot of every page, beside the page's number. */
  foot: string;
  author: string;
  /** Milliseconds since 1970; kept in the file instead of the moment at which it was made. */
  datedAt: number;
  blocks: readonly Block[];
};

export type Block =
  | { kind: 'heading'; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'facts'; facts: readonly { label: string; value: string }[] }
  | { kind: 'table'; columns: readonly Column[]; rows: readonly (readonly string[])[]; empty: string };

/** `share`: how much of the width it takes, beside the others. */
export type Column = { title: string; share: number };

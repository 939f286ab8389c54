import type { Reply } from './reply.ts';

/** How something goes that takes a while; any surface may show it, or not. */
export type Progress = {
  done: number;
  /** As far as it is known. */
  total: number;
  /** A sentence without its full stop. */
  words: string;
};

/**
 * Carries what a card's key names until it ends, and says how it goes. Null: whatever it is, somebody else carries it.
 * When the signal comes, it stops at once, and what is left can go on later.
 */
export type Follow = (
  key: string,
  report: (progress: Progress) => void,
  signal: AbortSignal,
) => Promise<Reply | null>;

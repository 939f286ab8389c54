import type { Actor, Surface } from './actor.ts';

/** Why something changes: who, through which surface, for which reason, under which correlation id, and when. */
export type Cause = {
  actor: Actor;
  surface: Surface;
  correlationId: string;
  reason: string | null;
  ticket: string | null;
  /** The run of a command, where one caused it. */
  runId: string | null;
  /** Milliseconds since 1970. */
  now: number;
  /** Who said yes, where somebody had to. */
  approval?: { id: string; by: readonly { person: string; name: string; at: number }[] };
  /** The break-glass period that stood in for an approval. */
  breakGlass?: string;
};

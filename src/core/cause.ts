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
};

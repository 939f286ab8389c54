import type { Moment } from './timeline.ts';
import type { Trail } from './trail.ts';

/** One line for people: what happened, and how often in a row. */
export type Told = { moment: Moment; times: number };

/** Each act once: a message that only tells of what stands there is left out, and neighbours that say the same are one. */
export function toldOnce(asked: string, trail: Trail, moments: readonly Moment[]): Told[] {
  const acts = new Set(
    moments.flatMap(({ kind, correlationId }) => (kind === 'message' ? [] : [correlationId])),
  );
  const isTold = ({ id, correlationId }: Moment) =>
    id !== asked && acts.has(correlationId) && trail.messages.get(id)?.state !== 'dead';
  return foldAlike(moments.filter((moment) => moment.kind !== 'message' || !isTold(moment)));
}

/** At the time of the last of them. */
function foldAlike(moments: readonly Moment[]): Told[] {
  const folded: Told[] = [];
  for (const moment of moments) {
    const last = folded.at(-1);
    if (last?.moment.sentence === moment.sentence) folded.splice(-1, 1, { moment, times: last.times + 1 });
    else folded.push({ moment, times: 1 });
  }
  return folded;
}

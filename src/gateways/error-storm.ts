import { type Clock, MINUTE_MS } from '#src/core/clock.ts';

/** Of one kind of error a minute, and of all together. */
const OF_A_KIND = 5;
const OF_ALL = 60;
/** Kinds that are remembered; beyond it the minute is as good as full. */
const KINDS_MAX = 500;

/** Lets so many errors of a kind through a minute, and counts the others; a database that is away fails every second. */
export function createStormLimit(clock: Clock): (kind: string) => { isLet: boolean; heldBack: number } {
  const heldBack = new Map<string, number>();
  let minute = { start: clock.now(), all: 0, kinds: new Map<string, number>() };
  return (kind) => {
    const now = clock.now();
    if (now - minute.start >= MINUTE_MS || now < minute.start)
      minute = { start: now, all: 0, kinds: new Map() };
    const seen = minute.kinds.get(kind) ?? 0;
    const isLet = seen < OF_A_KIND && minute.all < OF_ALL;
    if (!isLet) {
      if (heldBack.size < KINDS_MAX) heldBack.set(kind, (heldBack.get(kind) ?? 0) + 1);
      return { isLet, heldBack: 0 };
    }
    minute.all++;
    minute.kinds.set(kind, seen + 1);
    const before = heldBack.get(kind) ?? 0;
    heldBack.delete(kind);
    return { isLet, heldBack: before };
  };
}

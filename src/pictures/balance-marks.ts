import type { CreditHistory } from '#src/credits/history.ts';

/** A moment worth a mark: where it stands in the picture, and what it says. */
export type BalanceMark = { at: number; balance: number; amount: number; label: string; kind: 'in' | 'out' };

/** As many as can be read on a phone. */
const MARKS_MAX = 6;
/** Labels stand at least this part of the width apart. */
const ROOM = 1 / 9;
/** A spend is big from this part of the highest balance on. */
const BIG = 1 / 10;

/** The biggest grants and spends, with room between their labels, in the order of time. */
export function balanceMarks(history: CreditHistory): BalanceMark[] {
  const { buckets, from, to } = history;
  const highest = Math.max(history.before, ...buckets.map((bucket) => bucket.balance));
  const candidates = buckets
    .flatMap((bucket): BalanceMark[] => {
      const { lastAt: at, balance, granted, taken } = bucket;
      const grant = { at, balance, amount: granted, label: `+${figure(granted)}`, kind: 'in' as const };
      const spend = { at, balance, amount: taken, label: `−${figure(taken)}`, kind: 'out' as const };
      return [...(granted > 0 ? [grant] : []), ...(taken > 0 && taken >= highest * BIG ? [spend] : [])];
    })
    .sort((a, b) => b.amount - a.amount);
  const chosen: BalanceMark[] = [];
  for (const mark of candidates) {
    const isFree = chosen.every((other) => Math.abs(other.at - mark.at) >= (to - from) * ROOM);
    if (isFree) chosen.push(mark);
    if (chosen.length === MARKS_MAX) break;
  }
  return chosen.sort((a, b) => a.at - b.at);
}

export function figure(count: number): string {
  return count.toLocaleString('en-US');
}

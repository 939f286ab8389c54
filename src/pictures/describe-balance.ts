import { DAY_MS } from '#src/core/clock.ts';
import { clamp, counted, listed } from '#src/core/text.ts';
import type { CreditHistory } from '#src/credits/history.ts';
import { balanceMarks, figure } from './balance-marks.ts';

/** The picture's title: a sentence that stands alone, in lines that fit. */
export function balanceTitle({ email, balance, debt }: CreditHistory): string[] {
  const owes = debt > 0 ? ` and owes ${figure(debt)}` : '';
  const has = `has ${counted(balance, 'credit')}${owes}.`;
  const who = clamp(email, 44);
  return who.length + has.length <= 46 ? [`${who} ${has}`] : [who, has];
}

/** The span, and what the line itself cannot show. */
export function balanceSubtitle({ from, to, held, frozen }: CreditHistory): string {
  const notes = [
    ...(held > 0 ? [`${figure(held)} held`] : []),
    ...(frozen > 0 ? [`${figure(frozen)} frozen`] : []),
  ];
  return [`${dayInWords(from)} to ${dayInWords(to)}, UTC`, ...notes].join(' · ');
}

/** The picture in words, for who cannot see it. */
export function balanceInWords(history: CreditHistory): string {
  const { email, from, to, before, buckets, balance, held, frozen, debt } = history;
  const levels = [before, ...buckets.map((bucket) => bucket.balance), balance];
  const began = `Line chart of the credit balance of ${email} from ${dayInWords(from)} to ${dayInWords(to)}: `;
  const course =
    Math.min(...levels) === Math.max(...levels)
      ? `it was ${figure(balance)} all the time.`
      : `it began at ${figure(before)}, was between ${figure(Math.min(...levels))} and ${figure(Math.max(...levels))}, and is ${figure(balance)} now.`;
  const marks = balanceMarks(history).map((mark) => `${mark.label} by ${dayInWords(mark.at)}`);
  const notes = [
    ...(marks.length > 0 ? [`Marked: ${listed(marks)}.`] : []),
    ...(held > 0 ? [`Of it, ${figure(held)} are held.`] : []),
    ...(frozen > 0 ? [`Of it, ${figure(frozen)} are frozen.`] : []),
    ...(debt > 0 ? [`${figure(debt)} are owed.`] : []),
  ];
  return [began + course, ...notes].join(' ');
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Nov 21, 2026` */
function dayInWords(at: number): string {
  const [year, month, day] = new Date(at - (at % DAY_MS)).toISOString().slice(0, 10).split('-').map(Number);
  return `${months[(month ?? 1) - 1]} ${day}, ${year}`;
}

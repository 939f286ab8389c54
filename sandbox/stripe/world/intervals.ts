import type { Interval } from '../objects/price.ts';

export type Period = { start: number; end: number };

/**
 * The end of a billing period that starts then. A month after 31 January ends on the last day of February, as
 * https://docs.stripe.com/billing/subscriptions/billing-cycle says.
 */
export function periodFrom(start: number, recurring: { interval: Interval; interval_count: number }): Period {
  return { start, end: later(start, recurring.interval, recurring.interval_count) };
}

function later(start: number, interval: Interval, count: number): number {
  if (interval === 'day') return start + count * 86_400;
  if (interval === 'week') return start + count * 7 * 86_400;
  const from = new Date(start * 1000);
  const months = interval === 'year' ? 12 * count : count;
  const to = new Date(from);
  to.setUTCDate(1);
  to.setUTCMonth(from.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
  to.setUTCDate(Math.min(from.getUTCDate(), lastDay));
  return Math.floor(to.getTime() / 1000);
}

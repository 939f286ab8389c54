import { spanWords } from '#src/core/clock.ts';
import { formatMoney, minorUnits } from '#src/core/money.ts';
import { type Settings, tierRank } from '#src/core/settings.ts';
import type { DayBounds, PolicyBounds } from '#src/core/settings-policy.ts';
import { spanMs } from '#src/core/settings-words.ts';
import { counted, listed } from '#src/core/text.ts';
import type { Measures } from './measures.ts';
import type { DayUsage, Usage } from './usage.ts';

/** A bound that is passed: `up to 500 credits`, and how: `this is 900 credits`. */
export type Excess = { limit: string; actual: string };

/**
 * The first bound that this is beyond; null when it fits all. What a bound asks for and nobody measured fits no
 * bound: it might be anything.
 */
export function excessOf(
  settings: Settings,
  bounds: PolicyBounds,
  measures: Measures,
  usage: Usage,
): Excess | null {
  return (
    creditsExcess(bounds.credits, measures.credits, 0, '') ??
    creditsExcess(bounds.total, measures.total ?? measures.credits, 0, IN_ALL) ??
    moneyExcess(bounds.money, measures.money, {}, '') ??
    tierExcess(settings, bounds.tier, measures.tier) ??
    lastsExcess(bounds.lasts, measures.lastsMs) ??
    endsExcess(bounds.ends, measures.ends) ??
    dayExcess(bounds.per_person_day, measures, usage.person, ' a day') ??
    customerDayExcess(bounds.per_customer_day, measures, usage)
  );
}

/** Of many customers, the first whose own day it would be too much for. */
function customerDayExcess(
  bounds: DayBounds | undefined,
  { money, credits, shares }: Measures,
  { customer, customers }: Usage,
): Excess | null {
  const per = ' a day for one customer';
  // Without shares it is of one customer, or of such as are none yet: nobody gets more than the largest.
  if (!shares)
    return dayExcess(
      bounds,
      { ...(money ? { money } : {}), ...(credits === undefined ? {} : { credits }) },
      customer,
      per,
    );
  for (const share of shares) {
    const used = customers?.get(share.customerId) ?? null;
    const excess = dayExcess(bounds, { credits: share.credits }, used, per);
    if (excess) return { ...excess, actual: `${excess.actual} for ${share.email}` };
  }
  return null;
}

function dayExcess(
  bounds: DayBounds | undefined,
  measures: Measures,
  used: DayUsage | null,
  per: string,
): Excess | null {
  if (!bounds) return null;
  return (
    creditsExcess(bounds.credits, measures.total ?? measures.credits, used?.credits ?? 0, per) ??
    moneyExcess(bounds.money, measures.money, used?.money ?? {}, per) ??
    runsExcess(bounds.runs, used?.runs ?? 0, per)
  );
}

function creditsExcess(
  bound: number | undefined,
  amount: number | undefined,
  used: number,
  per: string,
): Excess | null {
  if (bound === undefined || (amount !== undefined && used + amount <= bound)) return null;
  return {
    limit: `up to ${counted(bound, 'credit')}${per}`,
    actual:
      amount === undefined ? 'how many this is, nobody said' : isNow(counted(used + amount, 'credit'), per),
  };
}

function moneyExcess(
  bound: PolicyBounds['money'],
  amount: Measures['money'],
  used: DayUsage['money'],
  per: string,
): Excess | null {
  if (bound === undefined) return null;
  if (amount === undefined)
    return { limit: `up to ${moneyWords(bound)}${per}`, actual: 'how much this is, nobody said' };
  const { currency } = amount;
  if (!Object.hasOwn(bound, currency)) {
    const named = Object.keys(bound).map((code) => code.toUpperCase());
    return {
      limit: `in ${listed(named) || 'no currency'} only`,
      actual: `this is in ${currency.toUpperCase()}`,
    };
  }
  const most = minorUnits(bound[currency] ?? 0, currency);
  const total = (used[currency] ?? 0) + amount.amount;
  if (total <= most) return null;
  return {
    limit: `up to ${formatMoney(most, currency)}${per}`,
    actual: isNow(formatMoney(total, currency), per),
  };
}

function runsExcess(bound: number | undefined, used: number, per: string): Excess | null {
  if (bound === undefined || used + 1 <= bound) return null;
  return { limit: `up to ${counted(bound, 'time')}${per}`, actual: isNow(counted(used + 1, 'time'), per) };
}

function tierExcess(settings: Settings, bound: string | undefined, tier: string | undefined): Excess | null {
  if (bound === undefined) return null;
  const most = tierRank(settings, bound);
  const rank = tier === undefined ? -1 : tierRank(settings, tier);
  // A tier that the settings do not know has no rank, on either side.
  if (most >= 0 && rank >= 0 && rank <= most) return null;
  return {
    limit: `up to the tier ${bound}`,
    actual: tier === undefined ? 'which this is, nobody said' : `this is ${tier}`,
  };
}

function lastsExcess(bound: string | undefined, lastsMs: Measures['lastsMs']): Excess | null {
  if (bound === undefined || (typeof lastsMs === 'number' && lastsMs <= spanMs(bound))) return null;
  const limit = `for up to ${spanWords(spanMs(bound))}`;
  if (lastsMs === undefined) return { limit, actual: 'how long this holds, nobody said' };
  return { limit, actual: lastsMs === null ? 'this has no end' : `this holds ${spanWords(lastsMs)}` };
}

function endsExcess(bound: PolicyBounds['ends'], ends: Measures['ends']): Excess | null {
  if (bound === undefined || ends === bound) return null;
  const actual = ends === undefined ? 'when this ends, nobody said' : 'this ends at once';
  return { limit: withPeriod, actual };
}

const withPeriod = 'with the paid period';

const IN_ALL = ' in all';

function isNow(total: string, per: string): string {
  return per === '' || per === IN_ALL ? `this is ${total}${per}` : `with this it would be ${total} today`;
}

/** All bounds in words: `up to 500 credits`, `up to 2,000 credits a day`. With a currency, money in that one only. */
export function boundsWords(bounds: PolicyBounds, currency?: string): string[] {
  const { credits, total, money, tier, lasts, ends, per_person_day, per_customer_day } = bounds;
  return [
    ...amountsWords({ credits, money }, '', currency),
    ...amountsWords({ credits: total }, IN_ALL),
    ...(tier === undefined ? [] : [`up to the tier ${tier}`]),
    ...(lasts === undefined ? [] : [`for up to ${spanWords(spanMs(lasts))}`]),
    ...(ends === undefined ? [] : [withPeriod]),
    ...amountsWords(per_person_day ?? {}, ' a day', currency),
    ...amountsWords(per_customer_day ?? {}, ' a day for one customer', currency),
  ];
}

function amountsWords(bounds: DayBounds, per: string, currency?: string): string[] {
  const { credits, money, runs } = bounds;
  return [
    ...(credits === undefined ? [] : [`up to ${counted(credits, 'credit')}${per}`]),
    ...(money === undefined ? [] : [`up to ${moneyWords(money, currency)}${per}`]),
    ...(runs === undefined ? [] : [`up to ${counted(runs, 'time')}${per}`]),
  ];
}

function moneyWords(money: Readonly<Record<string, number>>, currency?: string): string {
  const amounts = Object.entries(money).filter(([code]) => currency === undefined || code === currency);
  return (
    amounts.map(([code, amount]) => formatMoney(minorUnits(amount, code), code)).join(', ') || 'no money'
  );
}

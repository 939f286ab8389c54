/** Currencies whose smallest unit is the unit itself (docs.stripe.com/currencies, zero-decimal currencies). */
const zeroDecimal = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '));
/** Counted in thousandths, of which Stripe takes whole tens only (same page, three-decimal currencies). */
const threeDecimal = new Set('bhd jod kwd omr tnd'.split(' '));
/** Without fractions, and counted in hundredths all the same: 5 ISK are 500 (same page, special cases). */
const wholeInHundredths = new Set(['isk', 'ugx']);

/** Decimals of a currency as Stripe counts it. */
export function fractionDigits(currency: string): number {
  const code = currency.toLowerCase();
  if (zeroDecimal.has(code)) return 0;
  return threeDecimal.has(code) ? 3 : 2;
}

/** Decimals that an amount of this currency may be typed with. */
export function typedDigits(currency: string): number {
  return wholeInHundredths.has(currency.toLowerCase()) ? 0 : Math.min(fractionDigits(currency), 2);
}

/** 4900 from 49 and `usd`: an amount as people write it, in minor units. */
export function minorUnits(amount: number, currency: string): number {
  return Math.round(amount * 10 ** fractionDigits(currency));
}

/** `$49.00` from 4900 and `usd`. Money is an integer in minor units plus its currency, everywhere. */
export function formatMoney(amountMinor: number, currency: string): string {
  return formatOf(currency).format(amountMinor / 10 ** fractionDigits(currency));
}

/** Making one takes longer than all else about a payment's message. */
const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string): Intl.NumberFormat {
  const known = formats.get(currency);
  if (known) return known;
  const format = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: currency.toUpperCase(),
    minimumFractionDigits: fractionDigits(currency),
  });
  formats.set(currency, format);
  return format;
}

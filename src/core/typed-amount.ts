import { fractionDigits, typedDigits } from './money.ts';

/** An amount as somebody typed it, in major units; the currency only where they named one. */
export type TypedAmount = { decimal: string; currency: string | null };

const symbols: Readonly<Record<string, string>> = { $: 'usd', '€': 'eur', '£': 'gbp', '¥': 'jpy' };

const shape =
  /^(?<before>[a-z]{3}|[$€£¥])?\s*(?<number>(?:\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.\d{1,6})?)\s*(?<after>[a-z]{3}|[$€£¥])?$/i;

/**
 * Reads `49`, `49.00`, `1,000.50`, with a currency before or behind it (`usd 49`, `$49`, `49 eur`). Null for anything
 * that could be read two ways or is no positive amount: 49,00 or -1 or 0 or € 5 usd.
 */
export function readTypedAmount(text: string): TypedAmount | null {
  const found = shape.exec(text.trim())?.groups;
  if (!found?.number) return null;
  const named = [found.before, found.after].filter((word) => word !== undefined).map(currencyOf);
  const [currency = null] = named;
  if (named.some((other) => other !== currency)) return null;
  const decimal = found.number.replaceAll(',', '');
  return Number(decimal) > 0 ? { decimal, currency } : null;
}

/** In minor units, as Stripe counts them; null when it is finer than the currency goes. Never by way of a fraction. */
export function typedMinorUnits({ decimal }: TypedAmount, currency: string): number | null {
  const [whole = '', fraction = ''] = decimal.split('.');
  if (fraction.length > typedDigits(currency)) return null;
  return Number(whole + fraction.padEnd(fractionDigits(currency), '0'));
}

function currencyOf(word: string): string {
  return symbols[word] ?? word.toLowerCase();
}

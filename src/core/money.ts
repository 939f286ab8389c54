/** Currencies whose smallest unit is the unit itself (docs.stripe.com/currencies, zero-decimal currencies). */
const zeroDecimal = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf'.split(' '));

/** `$49.00` from 4900 and `usd`. Money is an integer in minor units plus its currency, everywhere. */
export function formatMoney(amountMinor: number, currency: string): string {
  const digits = zeroDecimal.has(currency.toLowerCase()) ? 0 : 2;
  const format = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: currency.toUpperCase(),
    minimumFractionDigits: digits,
  });
  return format.format(amountMinor / 10 ** digits);
}

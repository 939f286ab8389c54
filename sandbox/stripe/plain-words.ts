import type { Price } from './objects/price.ts';

/** “$49.00”: minor units in the words of the page. All prices here are in dollars. */
export function inWords(minor: number): string {
  return `$${(minor / 100).toFixed(2)}`;
}

/** “21 December”, in UTC. */
export function dayInWords(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  });
}

/** “Pro, monthly”, from the price's readable id. */
export function planInWords(price: Price, productName: string): string {
  const often = price.recurring?.interval === 'year' ? 'yearly' : 'monthly';
  return price.recurring ? `${productName}, ${often}` : productName;
}

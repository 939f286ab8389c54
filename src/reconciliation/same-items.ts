import type { FetchedItem } from '#src/gateways/stripe.ts';
import { parseItems } from '#src/subscriptions/item.ts';

/** Whether what is sold is what the mirror holds; the tier of a product is Lucy's own note, not the subscription's. */
export function sameItems(items: readonly FetchedItem[], kept: string): boolean {
  // As text first: it is nearly always the same, and parsing a hundred of them would cost more than all the rest.
  if (JSON.stringify(items) === kept) return true;
  return bare(items) === bare(parseItems(kept));
}

function bare(items: readonly FetchedItem[]): string {
  return JSON.stringify(
    items.map(({ priceId, lookupKey, productId, quantity, periodStart, periodEnd }) => [
      priceId,
      lookupKey,
      productId,
      quantity,
      periodStart,
      periodEnd,
    ]),
  );
}

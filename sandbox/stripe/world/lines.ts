import type { CreditedLine, LineDraft } from '../objects/invoice-line.ts';
import type { Price } from '../objects/price.ts';
import type { SubscriptionItem } from '../objects/subscription.ts';
import type { Core } from './core.ts';
import type { Period } from './intervals.ts';

/** The regular line of an item for one period: “1 × Pro (at $49.00 / month)”. */
export function periodLine(core: Core, item: SubscriptionItem, period: Period, free = false): LineDraft {
  const { price, quantity } = item;
  const rate = `${inDollars(price.unit_amount)} / ${price.recurring?.interval ?? 'month'}`;
  const what = productName(core, price);
  return {
    amount: free ? 0 : price.unit_amount * quantity,
    currency: price.currency,
    description: free ? `Free trial for ${quantity} × ${what}` : `${quantity} × ${what} (at ${rate})`,
    period: { ...period },
    quantity,
    price: {
      id: price.id,
      product: price.product,
      unitAmountDecimal: free ? '0' : price.unit_amount_decimal,
    },
    from: { subscription: item.subscription, subscriptionItem: item.id, proration: false },
  };
}

/**
 * What a change of plan in the middle of a period costs: the unused time given back, the remaining time charged.
 * https://docs.stripe.com/billing/subscriptions/prorations
 */
export function prorationLine(
  core: Core,
  item: SubscriptionItem,
  change: { direction: 'credit' | 'charge'; price: Price; quantity: number; share: number; period: Period },
  creditedLine: CreditedLine | null = null,
): LineDraft {
  const { direction, price, quantity, share, period } = change;
  const amount = Math.round(price.unit_amount * quantity * share);
  const from = new Date(period.start * 1000).toISOString().slice(0, 10);
  const words = direction === 'credit' ? 'Unused time on' : 'Remaining time on';
  return {
    amount: direction === 'credit' ? -amount : amount,
    currency: price.currency,
    description: `${words} ${quantity} × ${productName(core, price)} after ${from}`,
    period: { ...period },
    quantity,
    price: { id: price.id, product: price.product, unitAmountDecimal: price.unit_amount_decimal },
    from: {
      subscription: item.subscription,
      subscriptionItem: item.id,
      proration: true,
      ...(creditedLine ? { creditedLine } : {}),
    },
  };
}

function productName(core: Core, price: Price): string {
  return core.tables.products.get(price.product)?.name ?? price.product;
}

function inDollars(minor: number): string {
  return `$${(minor / 100).toFixed(2)}`;
}

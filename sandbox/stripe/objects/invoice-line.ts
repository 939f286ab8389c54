import type { Metadata } from './metadata.ts';

type ProrationDetails = { credited_items: { invoice: string; invoice_line_items: string[] } | null };

/** https://docs.stripe.com/api/invoice-line-item/object, in its shape since 2025-03-31.basil. */
export type InvoiceLine = {
  id: string;
  object: 'line_item';
  amount: number;
  currency: string;
  description: string;
  discount_amounts: never[];
  discountable: boolean;
  discounts: never[];
  invoice: string;
  livemode: boolean;
  metadata: Metadata;
  parent: {
    invoice_item_details: {
      invoice_item: string;
      proration: boolean;
      proration_details: ProrationDetails;
      subscription: string | null;
    } | null;
    subscription_item_details: {
      invoice_item: string | null;
      proration: boolean;
      proration_details: ProrationDetails;
      subscription: string;
      subscription_item: string;
    } | null;
    type: 'invoice_item_details' | 'subscription_item_details';
  };
  period: { start: number; end: number };
  pretax_credit_amounts: never[];
  /** Null for a line without a price. */
  pricing: {
    price_details: { price: string; product: string };
    type: 'price_details';
    unit_amount_decimal: string;
  } | null;
  quantity: number;
  quantity_decimal: string;
  subscription: string | null;
  subtotal: number;
  taxes: never[];
};

/** What a line charges, before it has a place on an invoice. */
export type LineDraft = {
  amount: number;
  currency: string;
  description: string;
  period: { start: number; end: number };
  quantity: number;
  price: { id: string; product: string; unitAmountDecimal: string } | null;
  from:
    | { subscription: string; subscriptionItem: string; proration: boolean; creditedLine?: CreditedLine }
    | { invoiceItem: string };
};

export type CreditedLine = { invoice: string; line: string };

export function buildInvoiceLine(
  draft: LineDraft,
  place: { id: string; invoice: string; invoiceItem: string; livemode: boolean; metadata: Metadata },
): InvoiceLine {
  return {
    id: place.id,
    object: 'line_item',
    amount: draft.amount,
    currency: draft.currency,
    description: draft.description,
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice: place.invoice,
    livemode: place.livemode,
    metadata: { ...place.metadata },
    parent: parentOf(draft, place.invoiceItem),
    period: { ...draft.period },
    pretax_credit_amounts: [],
    pricing: draft.price && {
      price_details: { price: draft.price.id, product: draft.price.product },
      type: 'price_details',
      unit_amount_decimal: draft.price.unitAmountDecimal,
    },
    quantity: draft.quantity,
    quantity_decimal: String(draft.quantity),
    subscription: 'subscription' in draft.from ? draft.from.subscription : null,
    subtotal: draft.amount,
    taxes: [],
  };
}

function parentOf(draft: LineDraft, invoiceItem: string): InvoiceLine['parent'] {
  if ('invoiceItem' in draft.from) {
    return {
      invoice_item_details: {
        invoice_item: draft.from.invoiceItem,
        proration: false,
        proration_details: { credited_items: null },
        subscription: null,
      },
      subscription_item_details: null,
      type: 'invoice_item_details',
    };
  }
  const { creditedLine, proration } = draft.from;
  const credited = creditedLine && {
    invoice: creditedLine.invoice,
    invoice_line_items: [creditedLine.line],
  };
  return {
    invoice_item_details: null,
    subscription_item_details: {
      // A proration is an invoice item of its own; a regular line comes straight from the subscription.
      invoice_item: proration ? invoiceItem : null,
      proration,
      proration_details: { credited_items: credited ?? null },
      subscription: draft.from.subscription,
      subscription_item: draft.from.subscriptionItem,
    },
    type: 'subscription_item_details',
  };
}

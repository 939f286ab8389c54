import type { Sql } from '#db/connection.ts';
import type { BookedPayment } from '#db/detector-payments.ts';
import { isFindingOpen } from '#db/findings.ts';
import { findSubscription } from '#db/subscriptions.ts';
import { formatMoney } from '#src/core/money.ts';
import type { Settings } from '#src/core/settings.ts';
import { counted } from '#src/core/text.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import { creditsOfPayment } from '#src/payments/credits-of-payment.ts';
import { parseItems, type SubscriptionItem } from '#src/subscriptions/item.ts';
import { mapPack, mapPlan } from '#src/subscriptions/plan-map.ts';

export type Ungranted = { payment: BookedPayment; expected: number; line: string };

type Context = {
  sql: Sql;
  settings: Settings;
  /** Null: it cannot be asked; then what is known here must do. */
  stripe: Pick<StripeGateway, 'getInvoice' | 'getPrice'> | null;
  creditsSince: number;
};

/**
 * Whether a paid payment lacks the credits that it brings. A suspicion that rests on what is known here is checked
 * with the lines that Stripe has; null when nothing is missing.
 */
export async function findUngranted(context: Context, payment: BookedPayment): Promise<Ungranted | null> {
  const what = nameOf(payment);
  if (payment.credits_granted !== payment.in_lots)
    return {
      payment,
      expected: payment.credits_granted,
      line: `${what} says that it brought ${counted(payment.credits_granted, 'credit')}, but the ledger has a grant of ${payment.in_lots} for it.`,
    };
  const expected = await expectedCredits(context, payment);
  if (expected === 0) return null;
  return {
    payment,
    expected,
    line: `${what} should have brought ${counted(expected, 'credit')}, and no grant is in the ledger.`,
  };
}

function nameOf({ id, currency, amount_paid }: BookedPayment): string {
  return currency ? `${id} (${formatMoney(amount_paid, currency)})` : id;
}

/** 0 when it brings none, or when what it brings is there. */
async function expectedCredits(context: Context, payment: BookedPayment): Promise<number> {
  const { sql, creditsSince } = context;
  const isSuspect =
    payment.credits_granted === 0 && payment.id.startsWith('in_') && (payment.paid_at ?? 0) >= creditsSince;
  if (!isSuspect || (await isFindingOpen(sql, 'paid_after_cancel', payment.id))) return 0;
  const subscription = payment.subscription_id
    ? await findSubscription(sql, payment.subscription_id)
    : undefined;
  const items = parseItems(subscription?.items ?? null);
  const known = mightBring(context.settings, payment, items);
  if (known === 0 || !context.stripe) return known;
  return askExpected(context.settings, context.stripe, payment.id, items);
}

/** What the plan brings as it is known here; at least 1 where only Stripe's lines can tell. */
function mightBring(settings: Settings, payment: BookedPayment, items: readonly SubscriptionItem[]): number {
  if (payment.subscription_id === null) return settings.credit_packs.length > 0 ? 1 : 0;
  if (!/^subscription(_create|_cycle)?$/.test(payment.billing_reason ?? '')) return 0;
  return items.reduce(
    (sum, item) => sum + (mapPlan(settings, item)?.credits_per_period ?? 0) * item.quantity,
    0,
  );
}

async function askExpected(
  settings: Settings,
  stripe: NonNullable<Context['stripe']>,
  invoiceId: string,
  items: readonly SubscriptionItem[],
): Promise<number> {
  const invoice = await stripe.getInvoice(invoiceId);
  if (invoice?.status !== 'paid') return 0;
  const lines = await Promise.all(
    invoice.lines.map(async (line) => {
      if (!line.priceId || mapPlan(settings, line) || mapPack(settings, line)) return line;
      const known =
        items.find((item) => item.priceId === line.priceId) ?? (await stripe.getPrice(line.priceId));
      return known
        ? { ...line, lookupKey: known.lookupKey, productId: known.productId ?? line.productId }
        : line;
    }),
  );
  return (
    creditsOfPayment(settings, { billingReason: invoice.billingReason, lines }, () => null)
      // What an upgrade brings is capped by what came before, and may rightly be nothing.
      .filter((line) => line.periodCap === null)
      .reduce((sum, line) => sum + line.credits, 0)
  );
}

import type { Settings } from '#src/core/settings.ts';
import { mapPack, mapPlan } from '#src/subscriptions/plan-map.ts';
import type { PaidLine, PaymentTruth } from './payment-truth.ts';

/** Credits that one line of a payment brings. */
export type LineCredits = {
  lineId: string;
  credits: number;
  subscriptionId: string | null;
  periodEnd: number | null;
  expiresAt: number | null;
  /** An upgrade may bring at most this much, together with all that was granted for periods that run at `from`. */
  periodCap: { credits: number; from: number } | null;
};

/** A whole period is paid for with these reasons (docs.stripe.com/api/invoices/object#invoice_object-billing_reason). */
const fullPeriodReasons = new Set(['subscription_create', 'subscription_cycle', 'subscription']);

/**
 * What a paid payment brings, line by line: a full period's credits for a period that was paid, only the difference
 * for the rest of the period on an upgrade, and the pack's credits for a pack. Pure.
 *
 * @param periodMsOf length of the full period of a subscription, for prorating; null when unknown
 */
export function creditsOfPayment(
  settings: Settings,
  payment: Pick<PaymentTruth, 'billingReason' | 'lines'>,
  periodMsOf: (subscriptionId: string) => number | null,
): LineCredits[] {
  const packs = payment.lines.flatMap((line) => packCredits(settings, line));
  if (payment.billingReason === 'subscription_update')
    return [...packs, ...upgradeCredits(settings, payment.lines, periodMsOf)];
  if (payment.billingReason === null || !fullPeriodReasons.has(payment.billingReason)) return packs;
  return [...packs, ...payment.lines.flatMap((line) => periodCredits(settings, line))];
}

function packCredits(settings: Settings, line: PaidLine): LineCredits[] {
  const pack = mapPack(settings, line);
  if (!pack || line.amount < 0) return [];
  return [
    {
      lineId: line.id,
      credits: pack.credits * line.quantity,
      subscriptionId: null,
      periodEnd: null,
      expiresAt: null,
      periodCap: null,
    },
  ];
}

function periodCredits(settings: Settings, line: PaidLine): LineCredits[] {
  const plan = mapPlan(settings, line);
  if (!plan || line.isProration || line.amount < 0) return [];
  const credits = plan.credits_per_period * line.quantity;
  if (credits === 0) return [];
  const expiresAt = plan.credits_expire === 'period_end' ? line.periodEnd : null;
  return [
    {
      lineId: line.id,
      credits,
      subscriptionId: line.subscriptionId,
      periodEnd: line.periodEnd,
      expiresAt,
      periodCap: null,
    },
  ];
}

/**
 * New plan for the rest of the period, less the old plan for the same rest; never a whole allotment again, and never
 * below nothing: a downgrade takes no credits away.
 */
function upgradeCredits(
  settings: Settings,
  lines: readonly PaidLine[],
  periodMsOf: (subscriptionId: string) => number | null,
): LineCredits[] {
  const mapped = lines.flatMap((line) => {
    const plan = mapPlan(settings, line);
    return plan && line.subscriptionId
      ? [{ line, plan, share: shareOfPeriod(line, periodMsOf(line.subscriptionId)) }]
      : [];
  });
  const gained = mapped
    .filter(({ line }) => line.amount > 0)
    .sort((a, b) => b.plan.credits_per_period - a.plan.credits_per_period);
  const top = gained[0];
  if (!top) return [];
  const worth = ({ line, plan, share }: (typeof mapped)[number]) =>
    plan.credits_per_period * line.quantity * share;
  const given = gained.reduce((sum, entry) => sum + worth(entry), 0);
  const lost = mapped.filter(({ line }) => line.amount < 0).reduce((sum, entry) => sum + worth(entry), 0);
  const credits = Math.floor(given - lost);
  if (credits <= 0) return [];
  const expiresAt = top.plan.credits_expire === 'period_end' ? top.line.periodEnd : null;
  return [
    {
      lineId: top.line.id,
      credits,
      subscriptionId: top.line.subscriptionId,
      periodEnd: top.line.periodEnd,
      expiresAt,
      periodCap: {
        credits: top.plan.credits_per_period * top.line.quantity,
        from: top.line.periodStart ?? 0,
      },
    },
  ];
}

function shareOfPeriod(line: PaidLine, fullMs: number | null): number {
  if (line.periodStart === null || line.periodEnd === null)
    throw new Error(`Invoice line ${line.id} has no period`);
  const partMs = line.periodEnd - line.periodStart;
  return fullMs === null || fullMs <= 0 ? 1 : Math.min(1, partMs / fullMs);
}

import type { Sql } from '#db/connection.ts';
import type { CustomerRow } from '#db/customers.ts';
import type { Cause } from '#src/core/cause.ts';
import { formatMoney } from '#src/core/money.ts';
import { counted } from '#src/core/text.ts';
import { applyPayment, type PaymentContext, type PaymentEffect } from '#src/payments/apply-payment.ts';
import type { PaymentTruth } from '#src/payments/payment-truth.ts';
import type { BillingDeps } from './deps.ts';
import type { FetchedCustomer } from './fetch-customer.ts';

/** What a payment did to the credits, for the message and the log. */
export type PaymentNews = PaymentEffect & {
  paymentId: string;
  sentence: string;
  /** Credits that a dispute froze; below zero: that are free again. */
  frozen?: number;
};

/** Applies each payment in a savepoint of its own: one that cannot be booked does not hold up the others. */
export async function applyPayments(
  sql: Sql,
  deps: BillingDeps,
  cause: Cause,
  owner: CustomerRow,
  fetched: FetchedCustomer,
  failures: Map<string, unknown>,
): Promise<PaymentNews[]> {
  const context = contextOf(deps, owner, fetched);
  const news: PaymentNews[] = [];
  for (const { truth, eventIds } of fetched.payments) {
    try {
      const effect = await sql.transaction((savepoint) => applyPayment(savepoint, cause, context, truth));
      const sentence = describe(truth, effect);
      if (sentence) news.push({ ...effect, paymentId: truth.id, sentence });
    } catch (error) {
      if (eventIds.length === 0) fetched.unreadable.set(truth.id, error);
      for (const id of eventIds) failures.set(id, error);
    }
  }
  return news;
}

function contextOf(deps: BillingDeps, owner: CustomerRow, fetched: FetchedCustomer): PaymentContext {
  const find = (id: string) => fetched.subscriptions.find((subscription) => subscription.id === id);
  return {
    settings: deps.settings,
    mode: deps.mode,
    customerId: owner.id,
    creditsSince: deps.creditsSince,
    endedAtOf: (id) => find(id)?.endedAt ?? null,
    periodMsOf(id) {
      const lengths = (find(id)?.items ?? []).flatMap((item) =>
        item.periodStart !== null && item.periodEnd !== null ? [item.periodEnd - item.periodStart] : [],
      );
      return lengths.length > 0 ? Math.max(...lengths) : null;
    },
  };
}

function describe(truth: PaymentTruth, effect: PaymentEffect): string | null {
  const money = truth.currency ? ` (${formatMoney(truth.amountPaid, truth.currency)})` : '';
  const parts: string[] = [];
  if (effect.granted > 0) parts.push(`${counted(effect.granted, 'credit')} granted for ${truth.id}${money}`);
  parts.push(...describeMoved(truth, effect));
  if (effect.isPaidAfterCancel)
    parts.push(`${truth.id} was paid after its subscription had ended, so it brought no credits`);
  return parts.length > 0 ? parts.join('; ') : null;
}

/** Credits that a refund or a dispute moved, and the debt. */
export function describeMoved(
  truth: Pick<PaymentTruth, 'id' | 'status'>,
  effect: Pick<PaymentEffect, 'moved' | 'debtMoved' | 'lostMoved'>,
): string[] {
  const parts: string[] = [];
  if (effect.moved < 0)
    parts.push(`${counted(-effect.moved, 'credit')} taken back: ${whyTaken(truth, effect)}`);
  if (effect.moved > 0)
    parts.push(`${counted(effect.moved, 'credit')} given back: ${whyGiven(truth, effect)}`);
  if (effect.debtMoved > 0)
    parts.push(`${counted(effect.debtMoved, 'credit')} of it had been spent and became debt`);
  if (effect.debtMoved < 0) parts.push(`${counted(-effect.debtMoved, 'credit')} of debt forgiven`);
  return parts;
}

type Moved = Pick<PaymentEffect, 'lostMoved'>;

function whyTaken(truth: Pick<PaymentTruth, 'id' | 'status'>, { lostMoved }: Moved): string {
  if (truth.status === 'void') return `${truth.id} was voided`;
  return lostMoved > 0 ? `the dispute of ${truth.id} was lost` : `${truth.id} was refunded`;
}

function whyGiven(truth: Pick<PaymentTruth, 'id'>, { lostMoved }: Moved): string {
  return lostMoved < 0
    ? `the dispute of ${truth.id} is not lost after all`
    : `a refund of ${truth.id} failed`;
}

import type { Sql } from '#db/connection.ts';
import { updateAccount } from '#db/credit-accounts.ts';
import { sumLapsedOfPayment, sumSettledByLot } from '#db/credit-entries.ts';
import { listLotsOfPayment, setLotRemaining } from '#db/credit-lots.ts';
import { type PaymentRow, updatePayment } from '#db/payments.ts';
import type { Cause } from '#src/core/cause.ts';
import { expireLots } from './expire.ts';
import { appendEntry, openAccount } from './post-entry.ts';

/**
 * How many of a payment's credits should be gone, from what Stripe says was refunded and what was lost to the bank: in
 * proportion, rounded down, and all of them when the invoice was voided. Whatever order events come in, this is the
 * same number.
 */
export function reversalTarget(
  payment: Pick<PaymentRow, 'credits_granted' | 'amount_paid' | 'amount_refunded' | 'amount_lost' | 'status'>,
): number {
  if (payment.status === 'void') return payment.credits_granted;
  if (payment.amount_paid <= 0) return 0;
  const gone = Math.min(payment.amount_paid, payment.amount_refunded + payment.amount_lost);
  return Math.floor((payment.credits_granted * gone) / payment.amount_paid);
}

/** How many more of a payment's credits have to go, in all its lots; below zero: how many have to come back. */
export function creditsToTake(payment: PaymentRow): number {
  // Staff may have taken back more than a refund asks for; that stays taken back.
  const wanted =
    Math.max(reversalTarget(payment), payment.credits_staff_reversed) + payment.credits_staff_extra;
  return Math.min(payment.credits_granted, wanted) - payment.credits_reversed;
}

export type Settled = { moved: number; debtMoved: number };

/**
 * Moves a payment's credits to their target and posts only the difference: what its own lots still hold is taken,
 * what was spent becomes debt; when a refund fails, debt is forgiven first, and the rest is put back into the lots that
 * it was taken from. What comes back after its end lapses as it would have without the refund.
 */
export async function settlePayment(
  sql: Sql,
  cause: Cause,
  customerId: string,
  payment: PaymentRow,
): Promise<Settled> {
  const delta = creditsToTake(payment);
  if (delta > 0) return takeBack(sql, cause, customerId, payment, delta);
  if (delta < 0) return giveBack(sql, cause, customerId, payment, -delta);
  return { moved: 0, debtMoved: 0 };
}

async function takeBack(
  sql: Sql,
  cause: Cause,
  customerId: string,
  payment: PaymentRow,
  wanted: number,
): Promise<Settled> {
  const account = await openAccount(sql, cause, customerId);
  await expireLots(sql, cause, account);
  const allocations: { lotId: string; amount: number }[] = [];
  let left = wanted;
  for (const lot of await listLotsOfPayment(sql, payment.id)) {
    const part = Math.min(left, lot.remaining);
    if (part === 0) continue;
    await setLotRemaining(sql, lot.id, lot.remaining - part);
    allocations.push({ lotId: lot.id, amount: -part });
    left -= part;
  }
  const taken = wanted - left;
  // What lapsed unspent was never used: it is gone, and nobody owes it.
  const lapsed = Math.min(left, (await sumLapsedOfPayment(sql, payment.id)) - payment.credits_lapsed);
  const owed = left - lapsed;
  const seq = payment.settle_seq + 1;
  if (taken > 0)
    await appendEntry(sql, cause, account, {
      type: 'reverse',
      amount: -taken,
      ...settlementOf(payment, seq),
      allocations,
    });
  if (owed > 0) await updateAccount(sql, account.id, { debt: account.debt + owed });
  await updatePayment(sql, payment.id, {
    credits_reversed: payment.credits_reversed + wanted,
    credits_debt: payment.credits_debt + owed,
    credits_lapsed: payment.credits_lapsed + lapsed,
    settle_seq: seq,
  });
  return { moved: -taken, debtMoved: owed };
}

async function giveBack(
  sql: Sql,
  cause: Cause,
  customerId: string,
  payment: PaymentRow,
  wanted: number,
): Promise<Settled> {
  const account = await openAccount(sql, cause, customerId);
  await expireLots(sql, cause, account);
  const forgiven = Math.min(wanted, payment.credits_debt, account.debt);
  const lapsed = Math.min(wanted - forgiven, payment.credits_lapsed);
  const allocations = await putBack(sql, payment.id, wanted - forgiven - lapsed);
  const given = allocations.reduce((sum, part) => sum + part.amount, 0);
  const seq = payment.settle_seq + 1;
  if (given > 0)
    await appendEntry(sql, cause, account, {
      type: 'reinstate',
      amount: given,
      ...settlementOf(payment, seq),
      allocations,
    });
  // Past their end they lapse once more, in the books: a refund that comes later must find them lapsed, not spent.
  const relapsed = await expireLots(sql, cause, account);
  if (forgiven > 0) await updateAccount(sql, account.id, { debt: account.debt - forgiven });
  await updatePayment(sql, payment.id, {
    credits_reversed: payment.credits_reversed - wanted,
    credits_debt: payment.credits_debt - forgiven,
    credits_lapsed: payment.credits_lapsed - lapsed,
    settle_seq: seq,
  });
  return { moved: given - relapsed, debtMoved: -forgiven };
}

/** The last that were taken first, so that the lots end as if as many had never been taken. */
async function putBack(
  sql: Sql,
  paymentId: string,
  wanted: number,
): Promise<{ lotId: string; amount: number }[]> {
  const taken = await sumSettledByLot(sql, paymentId);
  const allocations: { lotId: string; amount: number }[] = [];
  let left = wanted;
  for (const lot of (await listLotsOfPayment(sql, paymentId)).reverse()) {
    const part = Math.min(left, taken.get(lot.id) ?? 0);
    if (part === 0) continue;
    await setLotRemaining(sql, lot.id, lot.remaining + part);
    allocations.push({ lotId: lot.id, amount: part });
    left -= part;
  }
  return allocations;
}

/** How the entries of one step of a payment's settlement are named. */
export function settlementOf(payment: Pick<PaymentRow, 'id'>, seq: number) {
  return { key: `pay:${payment.id}:settle:${seq}`, sourceKind: 'payment', sourceId: payment.id };
}

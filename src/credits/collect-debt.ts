import type { Sql } from '#db/connection.ts';
import { updateAccount } from '#db/credit-accounts.ts';
import { findLot, setLotRemaining } from '#db/credit-lots.ts';
import { findPayment, updatePayment } from '#db/payments.ts';
import type { Cause } from '#src/core/cause.ts';
import { appendEntry, type LockedAccount } from './post-entry.ts';
import { settlementOf } from './settle.ts';

type Part = { lotId: string; amount: number };

/** Of credits that come back into lots: those that refunds of the lots' payments wait for; the rest can be spent. */
export async function planCollection(
  sql: Sql,
  given: readonly Part[],
): Promise<(Part & { paymentId: string })[]> {
  const collected: (Part & { paymentId: string })[] = [];
  for (const { lotId, amount } of given) {
    const paymentId = (await findLot(sql, lotId))?.payment_id;
    const payment = paymentId ? await findPayment(sql, paymentId) : undefined;
    if (!payment) continue;
    const before = collected.filter((part) => part.paymentId === payment.id).reduce(sumOf, 0);
    const part = Math.min(amount, payment.credits_debt - before);
    if (part > 0) collected.push({ lotId, amount: part, paymentId: payment.id });
  }
  return collected;
}

/**
 * A spend that staff take back was part of what a refund could not take. So what comes back pays that off first: the
 * customer has their money already, and must not have the credits, too.
 *
 * @returns how many credits of debt it paid off
 */
export async function collectDebt(
  sql: Sql,
  cause: Cause,
  account: LockedAccount,
  given: readonly Part[],
): Promise<number> {
  const parts = await planCollection(sql, given);
  for (const { lotId, amount, paymentId } of parts) {
    const lot = await findLot(sql, lotId);
    const payment = await findPayment(sql, paymentId);
    if (!lot || !payment) throw new Error(`The lot ${lotId} or its payment vanished`);
    const seq = payment.settle_seq + 1;
    await setLotRemaining(sql, lotId, lot.remaining - amount);
    await appendEntry(sql, { ...cause, reason: `Pays off what was owed of ${paymentId}` }, account, {
      type: 'reverse',
      amount: -amount,
      ...settlementOf(payment, seq),
      allocations: [{ lotId, amount: -amount }],
    });
    account.debt -= amount;
    await updateAccount(sql, account.id, { debt: account.debt });
    await updatePayment(sql, paymentId, { credits_debt: payment.credits_debt - amount, settle_seq: seq });
  }
  return parts.reduce(sumOf, 0);
}

function sumOf(sum: number, { amount }: Part): number {
  return sum + amount;
}

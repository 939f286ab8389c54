import type { Sql } from '#db/connection.ts';
import { type DisputeRow, listDisputesOfPayment } from '#db/disputes.ts';
import { findPayment } from '#db/payments.ts';
import type { Cause } from '#src/core/cause.ts';
import { counted } from '#src/core/text.ts';
import { setFrozen } from '#src/credits/freeze.ts';
import { holdsMoney } from './status.ts';

export type FreezeNews = { paymentId: string; frozen: number; sentence: string };

/**
 * A payment's credits are frozen while the bank holds its money, and free otherwise: an inquiry freezes nothing, and
 * neither what was withdrawn nor what was reinstated decides, only the dispute's own status.
 *
 * @returns null when nothing had to change
 */
export async function freezeByDisputes(
  sql: Sql,
  cause: Cause,
  paymentId: string,
): Promise<FreezeNews | null> {
  const payment = await findPayment(sql, paymentId);
  if (!payment?.customer_id) return null;
  const disputes = await listDisputesOfPayment(sql, payment);
  const open = disputes.find(holdsMoney);
  const latest = open ?? disputes[0];
  if (!latest) return null;
  const frozen = await setFrozen(sql, cause, payment.customer_id, payment.id, open !== undefined);
  return frozen === 0 ? null : { paymentId, frozen, sentence: sentenceOf(frozen, payment.id, latest) };
}

function sentenceOf(frozen: number, paymentId: string, dispute: DisputeRow): string {
  const credits = counted(Math.abs(frozen), 'credit');
  return frozen > 0
    ? `${credits} of ${paymentId} frozen: the payment is under dispute (${dispute.id})`
    : `${credits} of ${paymentId} can be spent again: the dispute is over (${dispute.id}, ${dispute.status.replaceAll('_', ' ')})`;
}

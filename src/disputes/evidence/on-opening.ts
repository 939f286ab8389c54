import type { Sql } from '#db/connection.ts';
import { findDispute } from '#db/disputes.ts';
import { findOrderOfDispute } from '#db/evidence-orders.ts';
import type { Cause } from '#src/core/cause.ts';
import { holdsMoney } from '../status.ts';
import { orderEvidence } from './order.ts';

/**
 * A formal dispute has its evidence preserved as soon as it is known whose it is, once: what is on record then is what
 * the bank, and perhaps a court, will ask for.
 */
export async function preserveOpened(sql: Sql, cause: Cause, disputeIds: Iterable<string>): Promise<void> {
  for (const id of disputeIds) {
    const dispute = await findDispute(sql, id);
    if (!dispute?.customer_id || !holdsMoney(dispute)) continue;
    if (await findOrderOfDispute(sql, id)) continue;
    await orderEvidence(sql, cause, { customerId: dispute.customer_id, disputeId: id, cause: 'dispute' });
  }
}

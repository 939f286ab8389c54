import type { Sql } from '#db/connection.ts';
import { type EvidenceOrderRow, insertEvidenceOrder } from '#db/evidence-orders.ts';
import type { Cause } from '#src/core/cause.ts';
import { newId } from '#src/core/ids.ts';

/**
 * Has everything that is known of a customer preserved: operations playbook, disputes 4, and what a formal dispute will
 * be judged by. From this transaction on nothing of them is pruned; the bundle is made outside of it, for a customer may
 * have hundreds of thousands of rows (make-bundle.ts).
 */
export async function orderEvidence(
  sql: Sql,
  cause: Cause,
  about: { customerId: string; disputeId: string | null; cause: EvidenceOrderRow['cause'] },
): Promise<EvidenceOrderRow> {
  const order: EvidenceOrderRow = {
    id: newId('bnd', cause.now),
    customer_id: about.customerId,
    dispute_id: about.disputeId,
    cause: about.cause,
    actor: cause.actor.id,
    actor_name: cause.actor.name,
    reason: cause.reason,
    correlation_id: cause.correlationId,
    created_at: cause.now,
    done_at: null,
  };
  await insertEvidenceOrder(sql, order);
  return order;
}

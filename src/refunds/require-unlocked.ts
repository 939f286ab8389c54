import type { Sql } from '#db/connection.ts';
import { findOpenLock } from '#db/customer-locks.ts';
import type { CustomerRow } from '#db/customers.ts';
import { UserError } from '#src/core/errors.ts';
import { lockWords } from '#src/entitlements/lock.ts';

/**
 * Where fraud is suspected no money leaves (research/billing-anchors.md, dispute desk: a refund block). A request that
 * waits for approval when the lock is set ends with this sentence.
 *
 * @throws UserError when the customer is locked
 */
export async function requireUnlockedForRefund(sql: Sql, customer: CustomerRow): Promise<void> {
  const lock = await findOpenLock(sql, customer.id);
  if (!lock) return;
  throw new UserError(
    'conflict',
    `${customer.email} is locked for fraud, and until the lock ends nothing is refunded: ${lockWords(lock)}.`,
    `If the lock is wrong, ask for its end first: customer unlock ${customer.email}`,
    { payment: 'The customer is locked for fraud.' },
  );
}

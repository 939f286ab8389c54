import type { Sql } from '#db/connection.ts';
import { findOpenLock } from '#db/customer-locks.ts';
import { findManualSubscription } from '#db/manual-subscriptions.ts';
import type { Cause } from '#src/core/cause.ts';
import { listed } from '#src/core/text.ts';
import { lockWords } from '#src/entitlements/lock.ts';
import { openRequestWarnings } from '#src/refunds/warnings.ts';
import type { CancelFacts } from './gather.ts';

/** What whoever asks and whoever approves must not miss. */
export async function cancellationWarnings(
  sql: Sql,
  cause: Cause,
  { customer, others }: CancelFacts,
): Promise<string[]> {
  const lock = await findOpenLock(sql, customer.id);
  const manual = await findManualSubscription(sql, customer.id);
  return [
    ...(lock ? [`${customer.email} is locked for fraud ${lockWords(lock)}. The lock stays.`] : []),
    ...(await openRequestWarnings(sql, cause, customer.id, 'subscription cancel')),
    ...(others.length > 0
      ? [`Other subscriptions of ${customer.email} go on: ${listed(others.map(({ id }) => id))}.`]
      : []),
    ...(manual?.status === 'active' ? [`The manual ${manual.type} subscription goes on.`] : []),
  ];
}

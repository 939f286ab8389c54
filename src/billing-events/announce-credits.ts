import type { Sql } from '#db/connection.ts';
import type { CustomerRow } from '#db/customers.ts';
import type { Cause } from '#src/core/cause.ts';
import { postMessage } from '#src/outbox/post.ts';
import type { PaymentNews } from './apply-payments.ts';

/** Credits that moved without a change of tier: a renewal, a refund. Told once per payment and settlement. */
export async function announceCredits(
  sql: Sql,
  cause: Cause,
  owner: CustomerRow,
  news: readonly PaymentNews[],
): Promise<void> {
  for (const item of news) {
    await postMessage(sql, cause, {
      dedupeKey: `credits:${item.paymentId}:${cause.correlationId}:${item.granted}:${item.moved}:${item.debtMoved}${item.frozen ? `:${item.frozen}` : ''}`,
      target: 'entitlements',
      reply: {
        tone: item.debtMoved > 0 || item.isPaidAfterCancel || (item.frozen ?? 0) > 0 ? 'warning' : 'done',
        title: `${owner.email}: ${item.sentence}.`,
        facts: [{ label: 'Why', value: cause.reason ?? 'Stripe' }],
        correlationId: cause.correlationId,
        buttons: [{ kind: 'command', label: 'Show customer', line: `customer show ${owner.email}` }],
      },
    });
  }
}

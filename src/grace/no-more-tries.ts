import type { Sql } from '#db/connection.ts';
import type { CustomerRow } from '#db/customers.ts';
import type { Cause } from '#src/core/cause.ts';
import { postMessage } from '#src/outbox/post.ts';
import type { PaymentTruth } from '#src/payments/payment-truth.ts';
import type { Fact } from '#src/replies/reply.ts';

/** Told at once, and once: from here on only the customer can bring the money (a hard decline, or no card at all). */
export async function tellNoMoreTries(
  sql: Sql,
  cause: Cause,
  owner: CustomerRow,
  payments: readonly PaymentTruth[],
): Promise<void> {
  for (const payment of payments) {
    if (payment.nextAttemptAt !== null || payment.subscriptionId === null) continue;
    await postMessage(sql, cause, {
      dedupeKey: `no_more_tries:${payment.id}`,
      target: 'billing',
      reply: {
        tone: 'warning',
        title: `Stripe will not try again to collect ${payment.id} of ${owner.email}.`,
        hint: 'Ask the customer to pay it or to put in another card.',
        correlationId: cause.correlationId,
        buttons: [
          { kind: 'command', label: 'Show payment', line: `payment show ${payment.id}` },
          { kind: 'command', label: 'Portal link', line: `payment portal-link ${owner.email}` },
        ],
      },
    });
  }
}

/** When Stripe tries again what is open; nothing where no pass asked. */
export function nextTryFacts(payments: readonly PaymentTruth[]): Fact[] {
  const open = payments.find(({ nextAttemptAt }) => nextAttemptAt !== undefined);
  if (open?.nextAttemptAt === undefined) return [];
  const { nextAttemptAt } = open;
  return [
    {
      label: 'Stripe tries again',
      value: nextAttemptAt === null ? 'No: none left' : { at: nextAttemptAt },
    },
  ];
}

import type { SharedSpend } from '#src/credits/decide-spends.ts';
import { testCause } from './test-cause.ts';
import { testStart } from './test-clock.ts';

/** A spend as the product's API asks for it, without HTTP around it. */
export function sharedSpend(customerId: string, key: string, amount: number, now = testStart): SharedSpend {
  const cause = testCause(now);
  return {
    cause,
    who: { id: customerId },
    amount,
    key: `api:${key}`,
    sourceKind: 'api',
    sourceId: key,
    request: { scope: 'caller', key, fingerprint: `${customerId} ${amount}` },
    tell: (customer, entry) => ({
      status: 200,
      text: JSON.stringify({ entry: entry.id, balance: entry.balance_after }),
      audit: {
        command: 'credits consume',
        outcome: 'done',
        customerId: customer.customer_id,
        input: { amount },
        before: null,
        after: { entry: entry.id },
      },
      usage: null,
    }),
  };
}

import type { Sql } from '#db/connection.ts';
import { findAccount } from '#db/credit-accounts.ts';
import { type BalanceFacts, readBalanceFacts } from '#db/detector-balances.ts';
import { formatUtc, MINUTE_MS } from '#src/core/clock.ts';
import { counted } from '#src/core/text.ts';

/** Holds end by a timer to the second; this much later one is stuck. */
export const STUCK_AFTER_MS = 5 * MINUTE_MS;

export type BalanceTrouble = { customerId: string; lines: string[] };

/** What is wrong with a customer's balance; null when nothing is, or when they have none. */
export async function findBalanceTrouble(
  sql: Sql,
  customerId: string,
  now: number,
): Promise<BalanceTrouble | null> {
  const account = await findAccount(sql, customerId);
  if (!account) return null;
  const [facts] = await readBalanceFacts(sql, [account.id], now - STUCK_AFTER_MS);
  return facts ? balanceTroubleOf(facts) : null;
}

export function balanceTroubleOf(facts: BalanceFacts): BalanceTrouble | null {
  const { balance, held, debt, last_after, lots, covered, stuck_holds, stuck_since } = facts;
  const lines = [
    ...(debt > 0
      ? [`${counted(debt, 'credit')} are owed: they had been spent before their payment was refunded.`]
      : []),
    ...(stuck_holds > 0
      ? [
          `${counted(stuck_holds, 'hold')} should have ended since ${formatUtc(stuck_since ?? 0)} and still ${stuck_holds === 1 ? 'keeps' : 'keep'} credits back.`,
        ]
      : []),
    ...(balance === (last_after ?? 0)
      ? []
      : [`The balance is ${balance}, but the last ledger entry left ${last_after ?? 0}.`]),
    ...(balance === lots ? [] : [`The balance is ${balance}, but the lots have ${lots} left.`]),
    ...(held === covered ? [] : [`${held} are held, but the open holds add up to ${covered}.`]),
  ];
  return lines.length > 0 ? { customerId: facts.customer_id, lines } : null;
}

import type { Sql } from '#db/connection.ts';
import { listCoveredHolds, updateHold } from '#db/credit-holds.ts';

/**
 * Credits can lapse, be refunded or be taken back while they are held. Then the newest holds lose their cover first,
 * for the oldest calls are nearest to their end; settling spends what is there.
 */
export async function uncoverHolds(sql: Sql, accountId: string, amount: number): Promise<void> {
  let left = amount;
  for (const hold of await listCoveredHolds(sql, accountId)) {
    const part = Math.min(left, hold.covered);
    if (part === 0) return;
    await updateHold(sql, hold.id, { covered: hold.covered - part });
    left -= part;
  }
}

import type { Sql } from '#db/connection.ts';
import { listSpendableLots, setLotRemaining } from '#db/credit-lots.ts';
import type { Cause } from '#src/core/cause.ts';
import { appendEntry, type LockedAccount } from './post-entry.ts';

/** Takes out what has lapsed, before anything else is posted on the account. A lot lapses at its very second. */
export async function expireLots(sql: Sql, cause: Cause, account: LockedAccount): Promise<number> {
  let expired = 0;
  for (const lot of await listSpendableLots(sql, account.id)) {
    if (lot.expires_at === null || lot.expires_at > cause.now || lot.frozen_at !== null) continue;
    await setLotRemaining(sql, lot.id, 0);
    await appendEntry(
      sql,
      { ...cause, reason: 'The credits lapsed at the end of their period.', ticket: null },
      account,
      {
        type: 'expire',
        amount: -lot.remaining,
        key: `lot:${lot.id}:expire:${account.next_seq}`,
        sourceKind: 'lot',
        sourceId: lot.id,
        allocations: [{ lotId: lot.id, amount: -lot.remaining }],
      },
    );
    expired += lot.remaining;
  }
  return expired;
}

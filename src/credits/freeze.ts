import type { Sql } from '#db/connection.ts';
import { type CreditLotRow, listLotsOfPayment, setLotFrozen } from '#db/credit-lots.ts';
import { setTimer } from '#db/timers.ts';
import type { Cause } from '#src/core/cause.ts';
import { expireLots } from './expire.ts';
import { openAccount } from './post-entry.ts';

/**
 * Brings a payment's lots to frozen or free: frozen credits are shown and stay in the balance, and can be neither spent
 * nor held. Time stands still for them: what would have lapsed meanwhile lapses as much later.
 *
 * @returns how many credits became frozen (above zero) or free again (below zero)
 */
export async function setFrozen(
  sql: Sql,
  cause: Cause,
  customerId: string,
  paymentId: string,
  isFrozen: boolean,
): Promise<number> {
  const account = await openAccount(sql, cause, customerId);
  // What lapsed before is gone, whatever becomes of the dispute.
  await expireLots(sql, cause, account);
  let moved = 0;
  for (const lot of await listLotsOfPayment(sql, paymentId)) {
    if ((lot.frozen_at !== null) === isFrozen) continue;
    if (isFrozen) await setLotFrozen(sql, lot.id, { frozen_at: cause.now });
    else await thaw(sql, cause, customerId, lot);
    moved += isFrozen ? lot.remaining : -lot.remaining;
  }
  return moved;
}

async function thaw(sql: Sql, cause: Cause, customerId: string, lot: CreditLotRow): Promise<void> {
  if (lot.expires_at === null) return setLotFrozen(sql, lot.id, { frozen_at: null });
  const expiresAt = lot.expires_at + cause.now - (lot.frozen_at ?? cause.now);
  await setLotFrozen(sql, lot.id, { frozen_at: null, expires_at: expiresAt });
  await setTimer(sql, cause.now, {
    kind: 'lot_expiry',
    subject: `${customerId}:${lot.id}`,
    dueAt: expiresAt,
  });
}

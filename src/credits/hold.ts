import type { Sql } from '#db/connection.ts';
import { updateAccount } from '#db/credit-accounts.ts';
import { type CreditHoldRow, insertHold } from '#db/credit-holds.ts';
import { listSpendableLots } from '#db/credit-lots.ts';
import { setTimer } from '#db/timers.ts';
import type { Cause } from '#src/core/cause.ts';
import { newId } from '#src/core/ids.ts';
import { expireLots } from './expire.ts';
import { openAccount } from './post-entry.ts';
import { insufficient } from './spend.ts';

/**
 * Sets credits aside for a call whose price is not known yet: nobody else can spend them until the hold is settled,
 * void or over. More than can be spent is refused.
 *
 * @param request.amount whole credits, at least 1
 */
export async function holdCredits(
  sql: Sql,
  cause: Cause,
  request: { customerId: string; amount: number; expiresAt: number },
): Promise<CreditHoldRow> {
  const account = await openAccount(sql, cause, request.customerId);
  await expireLots(sql, cause, account);
  const lots = (await listSpendableLots(sql, account.id)).filter((lot) => lot.frozen_at === null);
  const available = lots.reduce((sum, lot) => sum + lot.remaining, 0) - account.held;
  if (available < request.amount) throw insufficient(available, request.amount);
  const hold: CreditHoldRow = {
    id: newId('hold', cause.now),
    account_id: account.id,
    amount: request.amount,
    covered: request.amount,
    state: 'open',
    asked: null,
    settled: 0,
    entry_id: null,
    expires_at: request.expiresAt,
    created_at: cause.now,
    ended_at: null,
    actor: cause.actor.id,
    reason: cause.reason,
    correlation_id: cause.correlationId,
  };
  await insertHold(sql, hold);
  await updateAccount(sql, account.id, { held: account.held + request.amount });
  await setTimer(sql, cause.now, { kind: 'hold_expiry', subject: hold.id, dueAt: request.expiresAt });
  return hold;
}

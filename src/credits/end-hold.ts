import type { Sql } from '#db/connection.ts';
import { findAccountById, updateAccount } from '#db/credit-accounts.ts';
import { type CreditHoldRow, findHold, updateHold } from '#db/credit-holds.ts';
import { listSpendableLots } from '#db/credit-lots.ts';
import { deleteTimer } from '#db/timers.ts';
import type { Cause } from '#src/core/cause.ts';
import { formatUtc } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import { counted } from '#src/core/text.ts';
import { expireLots } from './expire.ts';
import { appendEntry, type LockedAccount, openAccount } from './post-entry.ts';
import { drawFrom } from './spend.ts';

export type EndedHold = {
  hold: CreditHoldRow;
  customerId: string /** False: it had ended so before. */;
  isNew: boolean;
};

/** The hold and whose it is. */
export async function requireHold(
  sql: Sql,
  id: string,
): Promise<{ hold: CreditHoldRow; customerId: string }> {
  const hold = await findHold(sql, id);
  const account = hold && (await findAccountById(sql, hold.account_id));
  if (account) return { hold, customerId: account.customer_id };
  throw new UserError(
    'not_found',
    `There is no hold ${id}.`,
    'Use the id that reserving the credits returned; it starts with hold_.',
  );
}

/**
 * Spends what the held call cost and lets the rest go. The call was made already, so nothing is refused for want of
 * credits: what lapsed or was refunded meanwhile stays unspent, and is no debt (DESIGN section 10: spending).
 *
 * @param cost whole credits, 0 up to what was held
 */
export async function settleHold(sql: Sql, cause: Cause, id: string, cost: number): Promise<EndedHold> {
  const { account, hold, customerId } = await holdForChange(sql, cause, id);
  if (hold.state === 'settled' && hold.asked === cost) return { hold, customerId, isNew: false };
  assertOpen(hold, cause.now);
  if (cost > hold.amount) {
    throw new UserError(
      'invalid',
      `The hold ${hold.id} is for ${counted(hold.amount, 'credit')}, so ${cost.toLocaleString('en-US')} cannot be settled on it.`,
      'Settle what was held, and consume the rest on its own.',
      { amount: `At most ${hold.amount.toLocaleString('en-US')}.` },
    );
  }
  const lots = (await listSpendableLots(sql, account.id)).filter((lot) => lot.frozen_at === null);
  const open = lots.reduce((sum, lot) => sum + lot.remaining, 0);
  // What this hold still covers, and what nobody holds; never what another call has set aside.
  const amount = Math.min(cost, open, hold.covered + Math.max(open - account.held, 0));
  await release(sql, account, hold);
  const entry =
    amount === 0
      ? null
      : await appendEntry(sql, cause, account, {
          type: 'spend',
          amount: -amount,
          key: `hold:${hold.id}:settle`,
          sourceKind: 'hold',
          sourceId: hold.id,
          allocations: await drawFrom(sql, lots, amount),
        });
  const ended = {
    state: 'settled',
    covered: 0,
    asked: cost,
    settled: amount,
    entry_id: entry?.id ?? null,
    ended_at: cause.now,
  } as const;
  await updateHold(sql, hold.id, ended);
  await deleteTimer(sql, 'hold_expiry', hold.id);
  return { hold: { ...hold, ...ended }, customerId, isNew: true };
}

/** Lets held credits go unspent. One that is void or over already stays as it is. */
export async function voidHold(sql: Sql, cause: Cause, id: string): Promise<EndedHold> {
  const { account, hold, customerId } = await holdForChange(sql, cause, id);
  if (hold.state === 'void' || hold.state === 'expired') return { hold, customerId, isNew: false };
  if (hold.state === 'settled') throw endedOtherwise(hold);
  return { hold: await end(sql, cause, account, hold, 'void'), customerId, isNew: true };
}

/** Lets go what a call that never came back had set aside; null when there was nothing to do. */
export async function expireHold(sql: Sql, cause: Cause, id: string): Promise<EndedHold | null> {
  const { account, hold, customerId } = await holdForChange(sql, cause, id);
  if (hold.state !== 'open' || hold.expires_at > cause.now) return null;
  return { hold: await end(sql, cause, account, hold, 'expired'), customerId, isNew: true };
}

/** The account's row is taken before the hold is read: two ends of one hold follow each other. */
async function holdForChange(sql: Sql, cause: Cause, id: string) {
  const { customerId } = await requireHold(sql, id);
  const account = await openAccount(sql, cause, customerId);
  await expireLots(sql, cause, account);
  const { hold } = await requireHold(sql, id);
  return { account, hold, customerId };
}

async function release(sql: Sql, account: LockedAccount, hold: CreditHoldRow): Promise<void> {
  await updateHold(sql, hold.id, { covered: 0 });
  account.held -= hold.covered;
  await updateAccount(sql, account.id, { held: account.held });
}

async function end(
  sql: Sql,
  cause: Cause,
  account: LockedAccount,
  hold: CreditHoldRow,
  state: 'void' | 'expired',
): Promise<CreditHoldRow> {
  await release(sql, account, hold);
  const ended = { state, covered: 0, ended_at: cause.now };
  await updateHold(sql, hold.id, ended);
  if (state === 'void') await deleteTimer(sql, 'hold_expiry', hold.id);
  return { ...hold, ...ended };
}

function assertOpen(hold: CreditHoldRow, now: number): void {
  if (hold.state !== 'open') throw endedOtherwise(hold);
  // The timer lets it go within a second; what is over must not be spent meanwhile.
  if (hold.expires_at <= now) throw endedOtherwise({ ...hold, state: 'expired', ended_at: hold.expires_at });
}

function endedOtherwise(hold: CreditHoldRow): UserError {
  const at = formatUtc(hold.ended_at ?? hold.expires_at);
  const what = {
    open: 'is open',
    settled: `was settled with ${counted(hold.asked ?? 0, 'credit')} at ${at}`,
    void: `was made void at ${at}`,
    expired: `ran out at ${at}`,
  }[hold.state];
  const hint =
    hold.state === 'settled'
      ? 'Nothing needs to be done. What was spent is taken back by staff: “credits reverse ENTRY”.'
      : 'Its credits were let go. Consume what the call cost with POST /api/credits/consume.';
  return new UserError('conflict', `The hold ${hold.id} ${what}, so nothing was changed.`, hint);
}

import type { Sql } from '#db/connection.ts';
import {
  type CustomerLockRow,
  endCustomerLock,
  findOpenLock,
  insertCustomerLock,
} from '#db/customer-locks.ts';
import type { Cause } from '#src/core/cause.ts';
import { formatUtc } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import type { Settings } from '#src/core/settings.ts';
import { openEntitlement } from './recompute.ts';

type Named = { id: string; email: string };

/**
 * Keeps a customer out because of fraud, whatever is paid (research/billing-anchors.md, I11). The entitlement row is
 * held first, so that of two members of staff who lock at once the second is told. The caller recomputes.
 */
export async function lockCustomer(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  customer: Named,
): Promise<CustomerLockRow> {
  await openEntitlement(sql, settings, customer.id, cause.now);
  await requireUnlocked(sql, customer);
  const lock: CustomerLockRow = {
    id: newId('lck', cause.now),
    customer_id: customer.id,
    reason: cause.reason ?? '',
    ticket: cause.ticket,
    actor: cause.actor.id,
    actor_name: cause.actor.name,
    correlation_id: cause.correlationId,
    locked_at: cause.now,
    ended_at: null,
    ended_by: null,
    ended_name: null,
    ended_reason: null,
  };
  await insertCustomerLock(sql, lock);
  return lock;
}

/** Lets a customer in again. The caller recomputes. */
export async function unlockCustomer(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  customer: Named,
): Promise<CustomerLockRow> {
  await openEntitlement(sql, settings, customer.id, cause.now);
  const lock = await requireLock(sql, customer);
  await endCustomerLock(sql, lock.id, {
    ended_at: cause.now,
    ended_by: cause.actor.id,
    ended_name: cause.actor.name,
    ended_reason: cause.reason ?? '',
  });
  return lock;
}

/** @throws UserError when the customer is locked already */
export async function requireUnlocked(sql: Sql, customer: Named): Promise<void> {
  const lock = await findOpenLock(sql, customer.id);
  if (!lock) return;
  throw new UserError(
    'conflict',
    `${customer.email} is locked already: ${lockWords(lock)}. Nothing was changed.`,
    `To let them in again: customer unlock ${customer.email}`,
    { email: 'Locked already.' },
  );
}

/** @throws UserError when the customer is not locked */
export async function requireLock(sql: Sql, customer: Named): Promise<CustomerLockRow> {
  const lock = await findOpenLock(sql, customer.id);
  if (lock) return lock;
  throw new UserError(
    'conflict',
    `${customer.email} is not locked, so nothing was changed.`,
    `Look: customer show ${customer.email}`,
    { email: 'Not locked.' },
  );
}

/**
 * Credits still arrive while a customer is locked; they cannot be spent.
 *
 * @throws UserError when the customer is locked
 */
export async function requireMaySpend(sql: Sql, customer: Named): Promise<void> {
  const lock = await findOpenLock(sql, customer.id);
  if (!lock) return;
  throw new UserError(
    'refused',
    `${customer.email} is locked for fraud, so their credits cannot be spent: ${lockWords(lock)}.`,
    `If the lock is wrong, ask for its end, and take the credits then: customer unlock ${customer.email}`,
    { email: 'Locked for fraud.' },
  );
}

/**
 * Where fraud is suspected nothing of value goes out by hand, but for an admin who knows why.
 *
 * @throws UserError when the customer is locked and this is nobody with the role admin
 */
export async function requireMayGive(sql: Sql, cause: Cause, customer: Named): Promise<void> {
  const lock = await findOpenLock(sql, customer.id);
  if (!lock || cause.actor.roles.includes('admin')) return;
  throw new UserError(
    'refused',
    `${customer.email} is locked for fraud, so nobody but an admin gives them credits: ${lockWords(lock)}.`,
    `Ask an admin, or, if the lock is wrong, ask for its end: customer unlock ${customer.email}`,
    { email: 'Locked for fraud.' },
  );
}

/** `by Bea since 2026-11-21 09:00 UTC, because of a stolen card (ZD-812)`. */
export function lockWords(lock: CustomerLockRow): string {
  const ticket = lock.ticket ? ` (${lock.ticket})` : '';
  return `by ${lock.actor_name} since ${formatUtc(lock.locked_at)}, “${lock.reason}”${ticket}`;
}

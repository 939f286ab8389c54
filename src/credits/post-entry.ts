import type { Sql } from '#db/connection.ts';
import { type CreditAccountRow, lockAccount, updateAccount } from '#db/credit-accounts.ts';
import {
  type CreditEntryRow,
  type CreditEntryType,
  findEntryByKey,
  insertEntry,
} from '#db/credit-entries.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import { fingerprint } from '#src/core/fingerprint.ts';
import { newId } from '#src/core/ids.ts';
import { uncoverHolds } from './uncover-holds.ts';

/** An account whose row this transaction holds, with its running sequence. */
export type LockedAccount = CreditAccountRow;

export type Posting = {
  type: CreditEntryType;
  /** Signed; what the balance moves by. */
  amount: number;
  /** Unique for ever: the business object, or the run, that this entry stands for. */
  key: string;
  sourceKind: string;
  sourceId: string;
  reversalOf?: string;
  allocations: { lotId: string; amount: number }[];
};

export async function openAccount(sql: Sql, cause: Cause, customerId: string): Promise<LockedAccount> {
  return lockAccount(sql, newId('acc', cause.now), customerId);
}

/** What two postings under one key must share to be the same posting. */
export function postingFingerprint(
  customerId: string,
  posting: Pick<Posting, 'type' | 'amount' | 'sourceId'>,
): string {
  return fingerprint([customerId, posting.type, posting.amount, posting.sourceId]);
}

/**
 * The entry that this key already stands for, or null. The same key with another content is a conflict: a caller
 * that reuses a key for something else must hear of it, not get the first answer.
 */
export async function findPosted(sql: Sql, key: string, print: string): Promise<CreditEntryRow | null> {
  const existing = await findEntryByKey(sql, key);
  if (!existing) return null;
  if (existing.fingerprint === print) return existing;
  throw new UserError(
    'conflict',
    `The idempotency key ${key} was used before for something else, so nothing was changed.`,
    'Use a new key for a new act, or repeat the first one exactly.',
  );
}

/** The next entry of this account, as it is written. */
export function entryRow(
  cause: Cause,
  account: Readonly<LockedAccount>,
  posting: Omit<Posting, 'allocations'>,
): CreditEntryRow {
  return {
    id: newId('led', cause.now),
    account_id: account.id,
    seq: account.next_seq,
    type: posting.type,
    amount: posting.amount,
    balance_after: account.balance + posting.amount,
    idempotency_key: posting.key,
    fingerprint: postingFingerprint(account.customer_id, posting),
    source_kind: posting.sourceKind,
    source_id: posting.sourceId,
    reversal_of: posting.reversalOf ?? null,
    actor: cause.actor.id,
    reason: cause.reason,
    ticket: cause.ticket,
    correlation_id: cause.correlationId,
    at: cause.now,
    lot_id: null,
    audit_id: null,
    asked: null,
  };
}

/** Appends one entry and moves the balance with it. The caller holds the account and has moved the lots. */
export async function appendEntry(
  sql: Sql,
  cause: Cause,
  account: LockedAccount,
  posting: Posting,
): Promise<CreditEntryRow> {
  const entry = entryRow(cause, account, posting);
  await insertEntry(
    sql,
    entry,
    posting.allocations.map(({ lotId, amount }) => ({ entry_id: entry.id, lot_id: lotId, amount })),
  );
  account.balance = entry.balance_after;
  account.next_seq += 1;
  const uncovered = Math.max(account.held - account.balance, 0);
  if (uncovered > 0) await uncoverHolds(sql, account.id, uncovered);
  account.held -= uncovered;
  const { balance, held, next_seq } = account;
  await updateAccount(sql, account.id, { balance, held, next_seq });
  return entry;
}

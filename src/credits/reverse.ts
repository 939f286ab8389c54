import type { Sql } from '#db/connection.ts';
import { findAccountById } from '#db/credit-accounts.ts';
import {
  type CreditEntryRow,
  findEntry,
  listAllocations,
  sumReversed,
  sumReversedByLot,
} from '#db/credit-entries.ts';
import { findLot, setLotRemaining } from '#db/credit-lots.ts';
import { type CustomerRow, findCustomerById } from '#db/customers.ts';
import { addPaymentReversed } from '#db/payments.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import { collectDebt, planCollection } from './collect-debt.ts';
import { appendEntry, openAccount } from './post-entry.ts';

/** What can still be taken back of an entry, and why not all of it. */
export type Reversible = {
  entry: CreditEntryRow;
  /** Signed: what a full reversal would move the balance by now. */
  amount: number;
  alreadyReversed: number;
  /** Of a grant: already spent or lapsed. */
  gone: number;
};

/** Only grants and spends are corrected by staff; a correction of a correction is a new act. */
export async function findReversible(sql: Sql, entryId: string): Promise<Reversible> {
  const entry = await findEntry(sql, entryId);
  if (!entry) {
    throw new UserError(
      'not_found',
      `There is no ledger entry ${entryId}.`,
      'Look the entry up with “credits show EMAIL”.',
      {
        entry: 'There is no such ledger entry.',
      },
    );
  }
  if (entry.type !== 'grant' && entry.type !== 'spend') {
    throw new UserError(
      'invalid',
      `Entry ${entry.id} is itself a correction (${entry.type}), so it cannot be reversed.`,
      'Grant or consume credits instead.',
      { entry: 'This entry is itself a correction.' },
    );
  }
  const alreadyReversed = await sumReversed(sql, entry.id);
  const parts = await reversibleParts(sql, entry);
  const total = parts.reduce((sum, part) => sum + part.amount, 0);
  const gone = Math.abs(entry.amount) - alreadyReversed - Math.abs(total);
  return { entry, amount: total, alreadyReversed, gone };
}

/** Whose ledger an entry is in. */
export async function findOwnerOfEntry(sql: Sql, entry: CreditEntryRow): Promise<CustomerRow> {
  const account = await findAccountById(sql, entry.account_id);
  const customer = account && (await findCustomerById(sql, account.customer_id));
  if (!customer) throw new Error(`Entry ${entry.id} belongs to nobody`);
  return customer;
}

/** “38 of 100 already used, 62 can be taken back”: how much, and where the rest went. */
export function explainReversible({ entry, amount, alreadyReversed, gone }: Reversible): string {
  const whole = Math.abs(entry.amount).toLocaleString('en-US');
  const most = Math.abs(amount).toLocaleString('en-US');
  const parts: string[] = [];
  if (gone > 0)
    parts.push(
      `${gone.toLocaleString('en-US')} of ${whole} already ${entry.type === 'grant' ? 'used' : 'settled otherwise'}`,
    );
  if (alreadyReversed > 0)
    parts.push(`${alreadyReversed.toLocaleString('en-US')} of ${whole} reversed before`);
  if (parts.length === 0) return `all ${whole} can be ${entry.type === 'grant' ? 'taken' : 'given'} back`;
  return `${parts.join(', ')}, ${most} can be ${entry.type === 'grant' ? 'taken' : 'given'} back`;
}

async function reversibleParts(
  sql: Sql,
  entry: CreditEntryRow,
): Promise<{ lotId: string; amount: number }[]> {
  const reversed = await sumReversedByLot(sql, entry.id);
  const parts: { lotId: string; amount: number }[] = [];
  for (const allocation of await listAllocations(sql, entry)) {
    const lot = await findLot(sql, allocation.lot_id);
    if (!lot) continue;
    const open = Math.abs(allocation.amount) - (reversed.get(lot.id) ?? 0);
    // A grant can give back only what is left in its lot; a spend only what its lot has room for.
    const amount =
      entry.type === 'grant' ? -Math.min(open, lot.remaining) : Math.min(open, lot.granted - lot.remaining);
    if (amount !== 0) parts.push({ lotId: lot.id, amount });
  }
  return parts;
}

/** The parts of which `atMost` would come, and what of them a refund of their payment waits for. */
export async function planReversal(
  sql: Sql,
  entry: CreditEntryRow,
  atMost: number,
): Promise<{ parts: { lotId: string; amount: number }[]; paysOff: number }> {
  const parts: { lotId: string; amount: number }[] = [];
  let left = atMost;
  for (const { lotId, amount } of await reversibleParts(sql, entry)) {
    const part = Math.min(Math.abs(amount), left) * Math.sign(amount);
    if (part === 0) continue;
    parts.push({ lotId, amount: part });
    left -= Math.abs(part);
  }
  const collected = entry.type === 'spend' ? await planCollection(sql, parts) : [];
  return { parts, paysOff: collected.reduce((sum, part) => sum + part.amount, 0) };
}

/**
 * Posts the reversal as a new entry that names the original; history stays. Takes at most `atMost` back. Of a spend,
 * what its refunded payment is still owed is paid off first, with an entry of its own.
 */
export async function reverseEntry(
  sql: Sql,
  cause: Cause,
  request: { customerId: string; entryId: string; atMost: number; key: string },
): Promise<{ entry: CreditEntryRow; paidOff: number; balance: number }> {
  const account = await openAccount(sql, cause, request.customerId);
  const { entry } = await findReversible(sql, request.entryId);
  const { parts } = await planReversal(sql, entry, request.atMost);
  for (const { lotId, amount } of parts) {
    const lot = await findLot(sql, lotId);
    if (!lot) throw new Error(`Lot ${lotId} vanished`);
    await setLotRemaining(sql, lot.id, lot.remaining + amount);
    // A later refund of the payment must not take the same credits a second time.
    if (lot.payment_id && entry.type === 'grant') await addPaymentReversed(sql, lot.payment_id, -amount);
  }
  const amount = parts.reduce((sum, part) => sum + part.amount, 0);
  if (amount === 0) {
    throw new UserError(
      'conflict',
      `Nothing of entry ${entry.id} can be taken back any more.`,
      'Look at “credits show EMAIL”: it was reversed, spent or has lapsed.',
    );
  }
  const posted = await appendEntry(sql, cause, account, {
    type: entry.type === 'grant' ? 'reverse' : 'reinstate',
    amount,
    key: request.key,
    sourceKind: 'reversal',
    sourceId: entry.id,
    reversalOf: entry.id,
    allocations: parts,
  });
  const paidOff = entry.type === 'spend' ? await collectDebt(sql, cause, account, parts) : 0;
  return { entry: posted, paidOff, balance: account.balance };
}

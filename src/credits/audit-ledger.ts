import type { Sql } from '#db/connection.ts';
import { type CreditAccountRow, findAccount } from '#db/credit-accounts.ts';
import { listCoveredHolds } from '#db/credit-holds.ts';
import {
  type EntryToProve,
  type LotToProve,
  listEntriesToProve,
  listLotsToProve,
  listPaymentsToProve,
  type PaymentToProve,
} from '#db/credit-proof.ts';
import { counted } from '#src/core/text.ts';
import { creditsToTake } from './settle.ts';

const PAGE = 1_000;
const ATTEMPTS = 3;

/** An entry with the balance that all entries up to it really come to. */
export type ProvedEntry = EntryToProve & { running: number };

export type LedgerAudit = {
  /** Null for who never had credits. */
  account: CreditAccountRow | null;
  entries: number;
  /** What the entries add up to. */
  sum: number;
  lots: LotToProve[];
  payments: PaymentToProve[];
  /** Sentences, the first thing that is wrong first; none: it adds up. */
  problems: string[];
};

/**
 * Proves one customer's ledger from its first entry on: nothing is believed but the entries themselves. What is posted
 * while it reads would look like an error, so then it reads anew.
 *
 * @param onEntry is shown every entry in order; from the first one again when it reads anew, after `onStart`
 */
export async function auditLedger(
  sql: Sql,
  customerId: string,
  watch: { onStart(): void; onEntry(entry: ProvedEntry): void },
): Promise<LedgerAudit> {
  for (let attempt = 1; ; attempt++) {
    const account = await findAccount(sql, customerId);
    watch.onStart();
    const audit = await auditOnce(sql, customerId, account ?? null, watch.onEntry);
    const hasMoved = JSON.stringify(await findAccount(sql, customerId)) !== JSON.stringify(account);
    if (!hasMoved || attempt === ATTEMPTS) return audit;
  }
}

async function auditOnce(
  sql: Sql,
  customerId: string,
  account: CreditAccountRow | null,
  onEntry: (entry: ProvedEntry) => void,
): Promise<LedgerAudit> {
  if (!account) return { account, entries: 0, sum: 0, lots: [], payments: [], problems: [] };
  const problems: string[] = [];
  const { entries, sum } = await walkEntries(sql, account, problems, onEntry);
  const lots = await listLotsToProve(sql, account.id);
  const payments = await listPaymentsToProve(sql, customerId);
  const held = (await listCoveredHolds(sql, account.id)).reduce((all, hold) => all + hold.covered, 0);
  problems.push(
    ...lots.flatMap(lotProblem),
    ...accountProblems(account, sum, lots, held),
    ...payments.flatMap(paymentProblems),
    ...debtProblem(account, payments),
  );
  return { account, entries, sum, lots, payments, problems };
}

/** Each entry from the balance before it, its lots, and what it corrects. */
async function walkEntries(
  sql: Sql,
  account: CreditAccountRow,
  problems: string[],
  onEntry: (entry: ProvedEntry) => void,
): Promise<{ entries: number; sum: number }> {
  /** What of each entry can still be taken back. */
  const left = new Map<string, number>();
  let sum = 0;
  let seq = 0;
  for (;;) {
    const page = await listEntriesToProve(sql, account.id, seq, PAGE);
    for (const entry of page) {
      const before = sum;
      sum += entry.amount;
      onEntry({ ...entry, running: sum });
      problems.push(...entryProblems(entry, seq + 1, before, left));
      seq = entry.seq;
    }
    if (page.length < PAGE) break;
  }
  if (account.next_seq !== seq + 1)
    problems.push(`The account says that entry ${account.next_seq} comes next, and the last one is ${seq}.`);
  return { entries: left.size, sum };
}

function entryProblems(
  entry: EntryToProve,
  wantedSeq: number,
  before: number,
  left: Map<string, number>,
): string[] {
  const name = `Entry ${entry.seq} (${entry.id})`;
  const problems: string[] = [];
  if (entry.seq !== wantedSeq)
    problems.push(`${name} follows entry ${wantedSeq - 1}: what was between is gone.`);
  if (entry.balance_after !== before + entry.amount)
    problems.push(
      `${name} says that ${counted(entry.balance_after, 'credit')} were left, and ${before} ${entry.amount < 0 ? '−' : '+'} ${Math.abs(entry.amount)} is ${before + entry.amount}.`,
    );
  if (before + entry.amount < 0) problems.push(`${name} takes more than there was.`);
  if (entry.allocated !== entry.amount)
    problems.push(`${name} moves ${entry.amount}, and its lots moved by ${entry.allocated}.`);
  if (entry.reversal_of !== null) {
    const open = left.get(entry.reversal_of);
    if (open === undefined) problems.push(`${name} takes ${entry.reversal_of} back, which is not before it.`);
    else if (Math.abs(entry.amount) > open)
      problems.push(`${name} takes more of ${entry.reversal_of} back than was left of it.`);
    else left.set(entry.reversal_of, open - Math.abs(entry.amount));
  }
  left.set(entry.id, Math.abs(entry.amount));
  return problems;
}

function lotProblem(lot: LotToProve): string[] {
  if (lot.remaining === lot.allocated) return [];
  return [`The lot ${lot.id} says that ${lot.remaining} are left, and its entries leave ${lot.allocated}.`];
}

function accountProblems(
  account: CreditAccountRow,
  sum: number,
  lots: readonly LotToProve[],
  held: number,
): string[] {
  const inLots = lots.reduce((all, lot) => all + lot.remaining, 0);
  return [
    ...(account.balance === sum
      ? []
      : [`The balance is ${account.balance}, and all entries come to ${sum}.`]),
    ...(account.balance === inLots
      ? []
      : [`The balance is ${account.balance}, and all lots hold ${inLots}.`]),
    ...(account.held === held ? [] : [`${account.held} are held, and the open holds come to ${held}.`]),
  ];
}

/** Per payment: what was granted is in its lots, and what was taken back is what Stripe’s refunds ask for. */
function paymentProblems(payment: PaymentToProve): string[] {
  const toTake = creditsToTake(payment);
  return [
    ...(payment.granted_in_lots === payment.credits_granted
      ? []
      : [
          `${payment.id} granted ${payment.credits_granted}, and its lots brought ${payment.granted_in_lots}.`,
        ]),
    ...(toTake === 0
      ? []
      : [
          `Of ${payment.id}, ${payment.credits_reversed} were taken back, and it should be ${payment.credits_reversed + toTake}.`,
        ]),
  ];
}

function debtProblem(account: CreditAccountRow, payments: readonly PaymentToProve[]): string[] {
  const owed = payments.reduce((all, payment) => all + payment.credits_debt, 0);
  return account.debt === owed ? [] : [`${account.debt} are owed, and the payments come to ${owed}.`];
}

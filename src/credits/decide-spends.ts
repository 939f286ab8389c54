import type { AiUsageRow } from '#db/ai-usage.ts';
import type { ApiRequestRow } from '#db/api-requests.ts';
import type { CreditEntryRow } from '#db/credit-entries.ts';
import type { CreditLotRow } from '#db/credit-lots.ts';
import type { CustomerName } from '#db/product-customers.ts';
import { requestName, type SpendCustomer, type SpendFacts, type SpendRows } from '#db/spend-batch-shapes.ts';
import { type AuditFacts, auditRow } from '#src/audit/record.ts';
import type { Cause } from '#src/core/cause.ts';
import { entryRow } from './post-entry.ts';
import { insufficient } from './spend.ts';

/** What is told and kept of one spend, once its entry is known. */
export type Told = {
  status: number;
  /** The answer as text; a repetition gets it byte for byte. */
  text: string;
  audit: AuditFacts;
  usage: AiUsageRow | null;
};

/** A spend that may share a transaction with others. */
export type SharedSpend = {
  cause: Cause;
  who: CustomerName;
  /** Whole credits, at least 1. */
  amount: number;
  /** Of the ledger entry; unique for ever. */
  key: string;
  sourceKind: string;
  sourceId: string;
  request: Pick<ApiRequestRow, 'scope' | 'key' | 'fingerprint'>;
  tell(customer: SpendCustomer, entry: CreditEntryRow): Told;
};

export type SpendEnd =
  | { kind: 'spent'; status: number; text: string; entry: CreditEntryRow }
  | { kind: 'repeated'; status: number; text: string }
  | { kind: 'key reused' }
  | { kind: 'refused'; error: Error }
  /** Something is not plain: maintenance, an unknown or locked customer, lots that lapse now, a key from before. Nothing was done. */
  | { kind: 'not plain' };

/**
 * What becomes of each spend of a batch, in their order, and what is written of all: pure. Each sees what those before
 * it took, exactly as if they had come one after the other (src/credits/spend.ts is the same for one).
 */
export function decideSpends(
  facts: SpendFacts,
  spends: readonly SharedSpend[],
): { ends: SpendEnd[]; rows: SpendRows } {
  const rows: SpendRows = {
    entries: [],
    allocations: [],
    audits: [],
    requests: [],
    usages: [],
    accounts: [],
    lots: [],
  };
  const known = new Map(facts.requests);
  const moved = new Set<SpendCustomer['account']>();
  const drawn = new Set<CreditLotRow>();

  function decide(spend: SharedSpend, customer: SpendCustomer | null): SpendEnd {
    // Done on its own it is told what is going on.
    if (facts.closedUntil !== null && facts.closedUntil > spend.cause.now) return { kind: 'not plain' };
    const first = known.get(requestName(spend.request));
    if (first) {
      if (first.fingerprint !== spend.request.fingerprint) return { kind: 'key reused' };
      return { kind: 'repeated', status: first.status ?? 500, text: first.answer ?? '' };
    }
    if (!customer || customer.access === 'locked' || facts.usedEntryKeys.has(spend.key))
      return { kind: 'not plain' };
    const { account } = customer;
    const { now } = spend.cause;
    const lots = (facts.lots.get(account.id) ?? []).filter((lot) => lot.frozen_at === null);
    if (lots.some((lot) => lot.remaining > 0 && lot.expires_at !== null && lot.expires_at <= now))
      return { kind: 'not plain' };
    const available = lots.reduce((sum, lot) => sum + lot.remaining, 0) - account.held;
    if (available < spend.amount) return { kind: 'refused', error: insufficient(available, spend.amount) };
    return post(spend, customer, lots);
  }

  function post(spend: SharedSpend, customer: SpendCustomer, lots: readonly CreditLotRow[]): SpendEnd {
    const { account } = customer;
    const { key, sourceKind, sourceId, cause } = spend;
    const posting = { type: 'spend' as const, amount: -spend.amount, key, sourceKind, sourceId };
    const entry = entryRow(cause, account, posting);
    let left = spend.amount;
    for (const lot of lots) {
      const part = Math.min(left, lot.remaining);
      if (part === 0) continue;
      lot.remaining -= part;
      drawn.add(lot);
      rows.allocations.push({ entry_id: entry.id, lot_id: lot.id, amount: -part });
      left -= part;
      if (left === 0) break;
    }
    account.balance = entry.balance_after;
    account.next_seq += 1;
    moved.add(account);
    const { status, text, audit, usage } = spend.tell(customer, entry);
    rows.entries.push(entry);
    rows.audits.push(auditRow(cause, audit));
    if (usage) rows.usages.push(usage);
    const request = { ...spend.request, status, answer: text, at: cause.now };
    rows.requests.push(request);
    known.set(requestName(request), request);
    return { kind: 'spent', status, text, entry };
  }

  const ends = spends.map((spend, index) => decide(spend, facts.customers[index] ?? null));
  rows.accounts.push(...moved);
  rows.lots.push(...drawn);
  return { ends, rows };
}

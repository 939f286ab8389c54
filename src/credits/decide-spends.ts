import type { AiUsageRow } from '#db/ai-usage.ts';
import type { ApiRequestRow } from '#db/api-requests.ts';
import type { CreditEntryRow } from '#db/credit-entries.ts';
import type { CustomerName } from '#db/product-customers.ts';
import {
  requestName,
  type SpendableLot,
  type SpendCustomer,
  type SpendFacts,
  type SpendRows,
} from '#db/spend-batch-shapes.ts';
import type { AuditFacts } from '#src/audit/record.ts';
import type { Cause } from '#src/core/cause.ts';
import { entryRow } from './post-entry.ts';
import { insufficient } from './spend.ts';
import { type DecidedSpend, rowsOf } from './spend-rows.ts';

/** What is told and kept of one spend, once its entry is known. */
export type Told = {
  status: number;
  /** The answer as text, made of the entry alone: a repetition gets it byte for byte. */
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
  tell(customer: Pick<SpendCustomer, 'customer_id' | 'email'>, entry: CreditEntryRow): Told;
};

export type SpendEnd =
  | { kind: 'spent'; status: number; text: string; entry: CreditEntryRow }
  | { kind: 'repeated'; status: number; text: string }
  | { kind: 'key reused' }
  | { kind: 'refused'; error: Error }
  /** Something is not plain: maintenance, an unknown or locked customer, lots that lapse now, a key from before. Nothing was done. */
  | { kind: 'not plain' };

/** One object for all: a burst in maintenance makes no garbage. */
const notPlain: SpendEnd = { kind: 'not plain' };

/**
 * What becomes of each spend of a batch, in their order, and what is written of all: pure. Each sees what those before
 * it took, exactly as if they had come one after the other (src/credits/spend.ts is the same for one).
 */
export function decideSpends(
  facts: SpendFacts,
  spends: readonly SharedSpend[],
  sharedFrom: number,
): { ends: SpendEnd[]; rows: SpendRows } {
  const decided = new Map<string, DecidedSpend>();
  const moved = new Set<SpendCustomer['account']>();
  const drawnLots = new Set<SpendableLot>();

  function decide(spend: SharedSpend, customer: SpendCustomer | null): SpendEnd {
    // Done on its own it is told what is going on.
    if (facts.closedUntil !== null && facts.closedUntil > spend.cause.now) return notPlain;
    const first = answerBefore(spend);
    if (first) return first;
    if (!customer || customer.access === 'locked') return notPlain;
    const { account } = customer;
    const { now } = spend.cause;
    let open = 0;
    for (const lot of customer.lots) {
      if (lot.frozen_at !== null) continue;
      if (lot.remaining > 0 && lot.expires_at !== null && lot.expires_at <= now) return notPlain;
      open += lot.remaining;
    }
    const available = open - account.held;
    if (available < spend.amount) return { kind: 'refused', error: insufficient(available, spend.amount) };
    return post(spend, customer);
  }

  /** Of the same key: what it did in this batch or before it, or that somebody must look closer; null when it is new. */
  function answerBefore(spend: SharedSpend): SpendEnd | null {
    const { key, request } = spend;
    const here = decided.get(key);
    if (here) return answerAgain(here.spend.request.fingerprint === request.fingerprint, here.told);
    const kept = facts.requests.size === 0 ? undefined : facts.requests.get(requestName(request));
    if (kept) {
      const told = { status: kept.status ?? 500, text: kept.answer ?? '' };
      return answerAgain(kept.fingerprint === request.fingerprint, told);
    }
    const entry = facts.spent.get(key);
    if (!entry) return null;
    if (entry.asked === null) return notPlain;
    // Its words come from the entry, so they are the first ones.
    return answerAgain(entry.asked === request.fingerprint, spend.tell(entry, entry));
  }

  function post(spend: SharedSpend, customer: SpendCustomer): SpendEnd {
    const { account } = customer;
    const { amount, key, sourceKind, sourceId, cause } = spend;
    const entry = entryRow(cause, account, { type: 'spend', amount: -amount, key, sourceKind, sourceId });
    const drawn: DecidedSpend['drawn'] = [];
    let left = amount;
    for (const lot of customer.lots) {
      const part = lot.frozen_at === null ? Math.min(left, lot.remaining) : 0;
      if (part === 0) continue;
      lot.remaining -= part;
      drawnLots.add(lot);
      drawn.push({ entry_id: entry.id, lot_id: lot.id, amount: -part });
      left -= part;
      if (left === 0) break;
    }
    account.balance = entry.balance_after;
    account.next_seq += 1;
    moved.add(account);
    const told = spend.tell(customer, entry);
    decided.set(key, { spend, entry, drawn, told });
    return { kind: 'spent', status: told.status, text: told.text, entry };
  }

  const ends = spends.map((spend, index) => decide(spend, facts.customers[index] ?? null));
  const rows = { ...rowsOf([...decided.values()], sharedFrom), accounts: [...moved], lots: [...drawnLots] };
  return { ends, rows };
}

function answerAgain(isSame: boolean, { status, text }: Pick<Told, 'status' | 'text'>): SpendEnd {
  return isSame ? { kind: 'repeated', status, text } : { kind: 'key reused' };
}

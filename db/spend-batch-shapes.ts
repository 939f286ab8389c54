import type { AiUsageRow } from './ai-usage.ts';
import type { ApiRequestRow } from './api-requests.ts';
import type { AuditEventRow } from './audit-events.ts';
import type { CreditAccountRow } from './credit-accounts.ts';
import type { AllocationRow, CreditEntryRow } from './credit-entries.ts';
import type { CreditLotRow } from './credit-lots.ts';
import type { Access } from './entitlements.ts';
import type { CustomerName } from './product-customers.ts';

/** What one spend of a batch asks about before it is decided. */
export type SpendQuestion = {
  who: CustomerName;
  /** Of `api_requests`. */
  request: Pick<ApiRequestRow, 'scope' | 'key'>;
  /** Of `credit_entries`. */
  entryKey: string;
};

/** The customer of one question with their credits. `account` and `lots` are one object for all questions about one customer. */
export type SpendCustomer = {
  customer_id: string;
  email: string;
  access: Access | null;
  account: CreditAccountRow;
  /** With something left, in the order in which they are spent. */
  lots: SpendableLot[];
};

/** What is asked of a lot before it is drawn on. */
export type SpendableLot = Pick<
  CreditLotRow,
  'id' | 'priority' | 'remaining' | 'expires_at' | 'frozen_at' | 'created_at'
>;

/** The order of `listSpendableLots` (db/credit-lots.ts): priority, then earliest expiry, then oldest. */
export function inSpendingOrder(a: SpendableLot, b: SpendableLot): number {
  return (
    a.priority - b.priority ||
    (a.expires_at ?? Number.MAX_SAFE_INTEGER) - (b.expires_at ?? Number.MAX_SAFE_INTEGER) ||
    a.created_at - b.created_at ||
    (a.id < b.id ? -1 : 1)
  );
}

/** What an entry key was spent for before, and on whom. */
export type SpentBefore = CreditEntryRow & { customer_id: string; email: string };

export type SpendFacts = {
  /** Until when nothing may be changed; null when no maintenance is known. */
  closedUntil: number | null;
  /** In the order of the questions; null where nobody has that name, or has no account yet. */
  customers: readonly (SpendCustomer | null)[];
  /** By `requestName`. */
  requests: ReadonlyMap<string, Pick<ApiRequestRow, 'fingerprint' | 'status' | 'answer'>>;
  /** By the key of the entry. */
  spent: ReadonlyMap<string, SpentBefore>;
};

/** Everything that a batch writes. */
export type SpendRows = {
  entries: CreditEntryRow[];
  allocations: AllocationRow[];
  audits: AuditEventRow[];
  requests: ApiRequestRow[];
  usages: AiUsageRow[];
  /** As they are afterwards. */
  accounts: Pick<CreditAccountRow, 'id' | 'balance' | 'next_seq'>[];
  lots: Pick<CreditLotRow, 'id' | 'remaining'>[];
};

export function requestName({ scope, key }: Pick<ApiRequestRow, 'scope' | 'key'>): string {
  return `${scope}\n${key}`;
}

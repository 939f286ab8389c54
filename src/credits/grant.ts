import type { Sql } from '#db/connection.ts';
import type { CreditEntryRow } from '#db/credit-entries.ts';
import { type CreditLotRow, insertLot } from '#db/credit-lots.ts';
import type { Cause } from '#src/core/cause.ts';
import { newId } from '#src/core/ids.ts';
import { expireLots } from './expire.ts';
import { appendEntry, findPosted, openAccount, postingFingerprint } from './post-entry.ts';

/** Promotional and goodwill credits are spent before what the customer paid for. */
const priorityOf = { staff: 10, import: 20, payment: 30 } as const;

export type Grant = {
  customerId: string;
  /** Whole credits, at least 1. */
  amount: number;
  /** Unique for ever: `run:…`, `inv:…:…:grant`, `pi:…:grant`. */
  key: string;
  sourceKind: CreditLotRow['source_kind'];
  sourceId: string;
  payment?: { paymentId: string; subscriptionId: string | null; periodEnd: number | null };
  expiresAt?: number | null;
};

/** Adds credits as a new lot. The same key and content again returns the first entry, and adds nothing. */
export async function grantCredits(
  sql: Sql,
  cause: Cause,
  grant: Grant,
): Promise<{ entry: CreditEntryRow; isNew: boolean }> {
  const account = await openAccount(sql, cause, grant.customerId);
  const posting = { type: 'grant' as const, amount: grant.amount, sourceId: grant.sourceId };
  const posted = await findPosted(sql, grant.key, postingFingerprint(grant.customerId, posting));
  if (posted) return { entry: posted, isNew: false };
  await expireLots(sql, cause, account);
  const lotId = newId('lot', cause.now);
  await insertLot(sql, {
    id: lotId,
    account_id: account.id,
    source_kind: grant.sourceKind,
    source_id: grant.sourceId,
    payment_id: grant.payment?.paymentId ?? null,
    subscription_id: grant.payment?.subscriptionId ?? null,
    period_end: grant.payment?.periodEnd ?? null,
    granted: grant.amount,
    remaining: grant.amount,
    priority: priorityOf[grant.sourceKind],
    expires_at: grant.expiresAt ?? null,
    frozen_at: null,
    created_at: cause.now,
  });
  const entry = await appendEntry(sql, cause, account, {
    ...posting,
    key: grant.key,
    sourceKind: grant.sourceKind,
    allocations: [{ lotId, amount: grant.amount }],
  });
  return { entry, isNew: true };
}

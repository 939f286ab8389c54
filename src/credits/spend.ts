import type { Sql } from '#db/connection.ts';
import type { CreditEntryRow } from '#db/credit-entries.ts';
import { type CreditLotRow, listSpendableLots, setLotRemaining } from '#db/credit-lots.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import { counted } from '#src/core/text.ts';
import { expireLots } from './expire.ts';
import { appendEntry, findPosted, openAccount, postingFingerprint } from './post-entry.ts';

export type Spend = { customerId: string; amount: number; key: string; sourceKind: string; sourceId: string };

/**
 * Takes credits, oldest-to-lapse first. More than is there is refused: debt arises only from a clawback (DESIGN
 * section 10). The account row is held, so of many at once only as many pass as the balance covers.
 */
export async function spendCredits(
  sql: Sql,
  cause: Cause,
  spend: Spend,
): Promise<{ entry: CreditEntryRow; isNew: boolean }> {
  const account = await openAccount(sql, cause, spend.customerId);
  const posting = { type: 'spend' as const, amount: -spend.amount, sourceId: spend.sourceId };
  const posted = await findPosted(sql, spend.key, postingFingerprint(spend.customerId, posting));
  if (posted) return { entry: posted, isNew: false };
  await expireLots(sql, cause, account);
  const lots = (await listSpendableLots(sql, account.id)).filter((lot) => lot.frozen_at === null);
  const available = lots.reduce((sum, lot) => sum + lot.remaining, 0) - account.held;
  if (available < spend.amount) throw insufficient(available, spend.amount);
  const allocations = await drawFrom(sql, lots, spend.amount);
  const entry = await appendEntry(sql, cause, account, {
    ...posting,
    key: spend.key,
    sourceKind: spend.sourceKind,
    allocations,
  });
  return { entry, isNew: true };
}

/** Refused for want of credits, with the number beside the sentence for callers that compute with it. */
export class InsufficientCredits extends UserError {
  readonly spendable: number;

  constructor(spendable: number, wanted: number) {
    const most = `Only ${counted(spendable, 'credit')} can be spent`;
    super(
      'insufficient',
      `${most}, not ${wanted.toLocaleString('en-US')}.`,
      'Ask for less, or grant credits first.',
      { count: `${most}.` },
    );
    this.spendable = spendable;
  }
}

export function insufficient(available: number, wanted: number): InsufficientCredits {
  return new InsufficientCredits(Math.max(available, 0), wanted);
}

/** Draws an amount from lots in their order; returns what came from which, negative. */
export async function drawFrom(
  sql: Sql,
  lots: readonly CreditLotRow[],
  amount: number,
): Promise<{ lotId: string; amount: number }[]> {
  const drawn: { lotId: string; amount: number }[] = [];
  let left = amount;
  for (const lot of lots) {
    const part = Math.min(left, lot.remaining);
    if (part === 0) continue;
    await setLotRemaining(sql, lot.id, lot.remaining - part);
    drawn.push({ lotId: lot.id, amount: -part });
    left -= part;
    if (left === 0) break;
  }
  return drawn;
}

import { recordAudit } from '#src/audit/record.ts';
import { counted } from '#src/core/text.ts';
import { explainReversible, findReversible, reverseEntry } from '#src/credits/reverse.ts';
import { openEntitlement } from '#src/entitlements/recompute.ts';
import type { LineContext, LineOutcome } from './deps.ts';

/** What a line of `credits unimport` says: the ledger entry to take back. */
export type ReversalLine = { entryId: string };

/** Takes back what is left of a line's credits; where nothing is, the line is left out. */
export async function applyReversal(
  { sql, settings, cause, batch }: LineContext,
  line: { line: number; customerId: string },
  { entryId }: ReversalLine,
): Promise<LineOutcome> {
  const { customerId } = line;
  await openEntitlement(sql, settings, customerId, cause.now);
  const reversible = await findReversible(sql, entryId);
  const most = Math.abs(reversible.amount);
  if (most === 0) {
    const result = `Nothing could be taken back: ${explainReversible(reversible)}.`;
    return { state: 'skipped', customerId, entryId: null, result, logs: [] };
  }
  const { entry } = await reverseEntry(sql, cause, {
    customerId,
    entryId,
    atMost: most,
    key: `batch:${batch.id}:${line.line}`,
  });
  await recordAudit(sql, cause, {
    command: batch.command,
    outcome: 'done',
    customerId,
    input: { batch: batch.id, line: line.line, reverses: entryId },
    before: { credits: entry.balance_after - entry.amount },
    after: { credits: entry.balance_after, entry: entry.id, reverses: entryId },
  });
  return {
    state: 'applied',
    customerId,
    entryId: entry.id,
    result: `${counted(-entry.amount, 'credit')} taken back; the balance is ${entry.balance_after.toLocaleString('en-US')}.`,
    logs: [
      {
        event: 'credits_changed',
        action: 'credits_reversed',
        customer: customerId,
        amount: entry.amount,
        entry: entry.id,
        reverses: entryId,
      },
    ],
  };
}

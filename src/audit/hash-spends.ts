import type { AiUsageRow } from '#db/ai-usage.ts';
import type { CreditEntryRow } from '#db/credit-entries.ts';
import { sha256 } from '#src/core/fingerprint.ts';

/**
 * SHA-256 in hex over everything that these entries say, in the order of their ids, and over the usages of which they
 * are the debits. Changing it makes every shared audit row that was ever written look forged; a column that is added
 * to either table later is not in it.
 */
export function hashSpends(entries: readonly CreditEntryRow[], usages: readonly AiUsageRow[]): string {
  let text = '';
  for (const entry of entries) text += `${entryText(entry)}\n`;
  for (const usage of usages) text += `${usageText(usage)}\n`;
  return sha256(text);
}

/** A list, because it is a third of the bytes and of the time that names would take. */
function entryText(entry: CreditEntryRow): string {
  return JSON.stringify([
    entry.id,
    entry.account_id,
    entry.seq,
    entry.type,
    entry.amount,
    entry.balance_after,
    entry.idempotency_key,
    entry.fingerprint,
    entry.source_kind,
    entry.source_id,
    entry.reversal_of,
    entry.actor,
    entry.reason,
    entry.ticket,
    entry.correlation_id,
    entry.at,
    entry.lot_id,
    entry.asked,
  ]);
}

function usageText(usage: AiUsageRow): string {
  return JSON.stringify([
    usage.usage_id,
    usage.customer_id,
    usage.credits,
    usage.entry_id,
    usage.hold_id,
    usage.model,
    usage.meta,
    usage.at,
    usage.received_at,
    usage.actor,
    usage.correlation_id,
  ]);
}

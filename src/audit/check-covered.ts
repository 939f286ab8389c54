import { type AiUsageRow, listUsages } from '#db/ai-usage.ts';
import type { AuditEventRow } from '#db/audit-events.ts';
import type { Sql } from '#db/connection.ts';
import { listOwners } from '#db/credit-accounts.ts';
import type { CreditEntryRow } from '#db/credit-entries.ts';
import { listCovered, readCovers } from '#db/shared-spends.ts';
import { fingerprint } from '#src/core/fingerprint.ts';
import { hashSpends } from './hash-spends.ts';

/** True when the entries that share this audit row, and their usages, still say what they said when it was written. */
export async function isCoveredIntact(sql: Sql, { id, covers }: AuditEventRow): Promise<boolean> {
  const told = readCovers(covers);
  if (!told) return covers === null;
  const entries = await listCovered(sql, id, told);
  const byId = new Map((await listUsages(sql, usageIdsOf(entries))).map((usage) => [usage.usage_id, usage]));
  const usages = entries.map((entry) => byId.get(entry.source_id)).filter((usage) => usage !== undefined);
  const isAsWritten =
    entries.length === told.spends && hashSpends(entries, usages satisfies AiUsageRow[]) === told.sha256;
  return isAsWritten && (await areStillTheirs(sql, entries));
}

function usageIdsOf(entries: readonly CreditEntryRow[]): string[] {
  return entries.filter((entry) => entry.source_kind === 'usage').map((entry) => entry.source_id);
}

/**
 * The hash is over the account and not over whose it is. The fingerprint of an entry, which is in the hash, says that: it is
 * made as `postingFingerprint` in credits/post-entry.ts made it.
 */
async function areStillTheirs(sql: Sql, entries: readonly CreditEntryRow[]): Promise<boolean> {
  const owners = await listOwners(sql, [...new Set(entries.map((entry) => entry.account_id))]);
  return entries.every((entry) => {
    const owner = owners.get(entry.account_id);
    return fingerprint([owner, entry.type, entry.amount, entry.source_id]) === entry.fingerprint;
  });
}

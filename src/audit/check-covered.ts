import { type AiUsageRow, listUsages } from '#db/ai-usage.ts';
import type { AuditEventRow } from '#db/audit-events.ts';
import type { Sql } from '#db/connection.ts';
import { type Covers, listCovered } from '#db/shared-spends.ts';
import { hashSpends } from './hash-spends.ts';

/** True when the entries that share this audit row, and their usages, still say what they said when it was written. */
export async function isCoveredIntact(sql: Sql, { id, covers }: AuditEventRow): Promise<boolean> {
  const told = covers === null ? null : readCovers(covers);
  if (!told) return covers === null;
  const entries = await listCovered(sql, id, told);
  const byId = new Map((await listUsages(sql, usageIdsOf(entries))).map((usage) => [usage.usage_id, usage]));
  const usages = entries.map((entry) => byId.get(entry.source_id)).filter((usage) => usage !== undefined);
  return entries.length === told.spends && hashSpends(entries, usages satisfies AiUsageRow[]) === told.sha256;
}

function usageIdsOf(entries: Awaited<ReturnType<typeof listCovered>>): string[] {
  return entries.filter((entry) => entry.source_kind === 'usage').map((entry) => entry.source_id);
}

/** A hand may have written anything. */
function readCovers(text: string): Covers | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

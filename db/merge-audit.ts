import type { AuditEventRow, FoundAuditRow } from './audit-events.ts';

/**
 * How far a search of one customer came: in the audit rows that name them by moment and id, in the spends that share a
 * row by their place in the ledger. Each goes on by its own; two processes may well post spends in another order than
 * that of their moments, and by one mark for both some would be skipped.
 */
export type Place = { own: Pick<AuditEventRow, 'at' | 'id'> | null; seq: number | null };

/** A spend of a shared row, with its place in the ledger of its customer. */
export type SharedAuditRow = FoundAuditRow & { seq: number };

/** The first of both, newest first; each knows from where on to search behind it. */
export function mergeAudit(
  own: readonly FoundAuditRow[],
  shared: readonly SharedAuditRow[],
  from: Place,
  limit: number,
): FoundAuditRow[] {
  const found: FoundAuditRow[] = [];
  let [ownTaken, sharedTaken, place] = [0, 0, from];
  while (found.length < limit) {
    const row = own[ownTaken];
    const spend = shared[sharedTaken];
    if (spend && (!row || newestFirst(spend, row) < 0)) {
      sharedTaken++;
      place = { ...place, seq: spend.seq };
      found.push({ ...spend, behind: place });
    } else if (row) {
      ownTaken++;
      place = { ...place, own: { at: row.at, id: row.id } };
      found.push({ ...row, behind: place });
    } else break;
  }
  return found;
}

/** By moment, then by id, which is a moment with more to it; what an id names is its prefix. */
function newestFirst(a: FoundAuditRow, b: FoundAuditRow): number {
  return b.at - a.at || (a.id < b.id ? 1 : -1);
}

import type { AuditEventRow } from '#db/audit-events.ts';
import type { AuditSealRow } from '#db/audit-seals.ts';
import { canonicalJson, sha256 } from '#src/core/fingerprint.ts';

/** What the first seal is hashed with; the migration wrote it as the head of the empty chain. */
export const firstHash = 'lucy-audit';

/**
 * An audit row as the one text that is hashed: every column, names sorted. What is null is left out, so that a
 * column which a later migration adds leaves the hashes of older rows as they are.
 */
export function canonicalRow(row: AuditEventRow): string {
  return canonicalJson(Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)));
}

/**
 * SHA-256 in hex over the hash before, the seal's own place and time, and the row. Changing it makes every chain
 * that was ever sealed look forged.
 */
export function sealHash(
  previous: string,
  seal: Pick<AuditSealRow, 'seq' | 'sealed_at'>,
  row: AuditEventRow,
): string {
  return sha256([previous, seal.seq, seal.sealed_at, canonicalRow(row)].join('\n'));
}

import type { BackupFacts } from '#db/backup-checks.ts';
import type { BackupRow, BackupWhy } from '#db/backups.ts';
import type { Fact } from '#src/replies/reply.ts';

export const whyWords: Readonly<Record<BackupWhy, string>> = {
  asked: 'asked for',
  schedule: 'on schedule',
  night: 'at night',
  migration: 'before a migration',
  restore: 'before a restore',
};

export const stateWords: Readonly<Record<BackupRow['state'], string>> = {
  queued: 'waits to be made',
  taken: 'made, not verified yet',
  verified: 'verified',
  bad: 'bad: do not restore it',
  failed: 'could not be made',
  pruned: 'deleted, as it was old',
};

/** `12.4 MB`. */
export function sizeWords(bytes: number | null): string {
  if (bytes === null) return 'not known';
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

export function readFacts(row: Pick<BackupRow, 'facts'>): BackupFacts | null {
  return row.facts === null ? null : (JSON.parse(row.facts) as BackupFacts);
}

export function backupFacts(row: BackupRow): Fact[] {
  const facts = readFacts(row);
  return [
    { label: 'Backup', value: { code: row.id } },
    ...(row.reached_at === null ? [] : [{ label: 'As of', value: { at: row.reached_at } }]),
    { label: 'Size', value: sizeWords(row.bytes) },
    ...(row.file === null ? [] : [{ label: 'File', value: { code: row.file } }]),
    ...(facts === null
      ? []
      : [
          {
            label: 'Holds',
            value: `${(facts.rows.customers ?? 0).toLocaleString('en-US')} customers, ${(facts.rows.credit_entries ?? 0).toLocaleString('en-US')} ledger entries, the audit up to ${facts.auditSeq.toLocaleString('en-US')}`,
          },
        ]),
  ];
}

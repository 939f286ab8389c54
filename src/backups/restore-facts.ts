import type { BackupFacts } from '#db/backup-checks.ts';
import type { RestoreRow } from '#db/restores.ts';

/** What a restore found and measured on its way. Times in milliseconds. */
export type RestoreFacts = {
  /** What the backup holds. */
  holds?: BackupFacts;
  /** The copy of what was there before. */
  safety?: { id: string; file: string };
  /** Done after the backup, and therefore not in it any more. */
  lost?: {
    acts: number;
    calls: number;
    shown: { at: number; by: string; what: string; why: string | null }[];
  };
  /** What does not go on by itself, because it may have arrived since. */
  held?: { effects: number; approvals: number; messages: number; mails: number };
  /** Customers who are fetched from Stripe anew, and the comparison with everything there. */
  customers?: number;
  reconciliation?: string;
  differences?: number;
  /** When the maintenance began, and when people could work again. */
  closedAt?: number;
  openedAt?: number;
};

export function readRestoreFacts(row: Pick<RestoreRow, 'facts'>): RestoreFacts {
  return JSON.parse(row.facts) as RestoreFacts;
}

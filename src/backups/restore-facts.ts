import type { BackupFacts } from '#db/backup-checks.ts';
import type { RestoreRow } from '#db/restores.ts';

/** What somebody did after the backup. */
export type LostAct = {
  at: number;
  by: string;
  what: string;
  why: string | null;
  /** Whom it is about, and what was typed, in brief. */
  about?: string;
  /** What is left of it all the same: whether it is to be done again. */
  note?: string | null;
};

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
    shown: LostAct[];
  };
  /** What does not go on by itself, because it may have arrived since. */
  held?: {
    effects: number;
    approvals: number;
    messages: number;
    mails: number;
    batches?: number;
    repairs?: number;
  };
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

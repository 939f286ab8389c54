import type { RestoreRow } from '#db/restores.ts';
import type { Cause } from '#src/core/cause.ts';
import type { RestoreFacts } from './restore-facts.ts';

/** A restore that this process holds. */
export type HeldRestore = {
  row: RestoreRow;
  token: string;
  cause: Cause;
  facts: RestoreFacts;
  report(sentence: string): void;
};

/** Let go, for whoever goes on. */
export const released = { lease_token: null, lease_until: null };

/** The restored database is the living one already. */
export function isPastSwap({ step }: Pick<RestoreRow, 'step'>): boolean {
  return step === 'swapped' || step === 'catching_up';
}

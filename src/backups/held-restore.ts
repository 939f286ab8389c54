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

import type { Cause } from '#src/core/cause.ts';
import type { BillingDeps } from './deps.ts';
import type { Pass } from './write-pass.ts';

export type SyncResult = 'idle' | 'synced' | 'unlinked' | 'postponed' | 'fenced';

/** Some dirty customers that one worker has the lease of. */
export type Turn = {
  deps: BillingDeps;
  token: string;
  /** Those whose pass has no end yet: should the turn break off, they are given back. */
  open: Set<string>;
};

/** A pass on its way to its commit. */
export type Ready = { cause: Cause; pass: Pass };

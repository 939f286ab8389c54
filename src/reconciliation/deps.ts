import type { BillingDeps } from '#src/billing-events/deps.ts';

/** What a reconciliation runs on: the billing workers' things, and how it waits for its turn. */
export type ReconcileDeps = BillingDeps & {
  pause(ms: number): Promise<void>;
};

export const realPause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

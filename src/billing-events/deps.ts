import type { Database, Sql } from '#db/connection.ts';
import type { Clock } from '#src/core/clock.ts';
import type { Log } from '#src/core/log.ts';
import type { Settings } from '#src/core/settings.ts';
import type { BillingMode } from '#src/entitlements/recompute.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';

/** What the billing workers run on; wired once. */
export type BillingDeps = {
  database: Database;
  settings: Settings;
  stripe: StripeGateway;
  clock: Clock;
  log: Log;
  mode: BillingMode;
  /** Milliseconds; payments before it grant nothing. */
  creditsSince: number;
  /** For what one process of all does at a time: asked before each write. */
  fence?: Fence;
  /** Named places at which a test may crash the worker. */
  crashPoint?: (name: CrashPoint) => void;
};

/** Throws, within the transaction of a write, when another process has taken over. */
export type Fence = (sql: Sql) => Promise<void>;

export type CrashPoint =
  | 'sync claimed'
  | 'sync fetched'
  | 'sync writing'
  | 'sync about to commit'
  | 'sync committed'
  | 'bulk step asked'
  | 'bulk step taken';

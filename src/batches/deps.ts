import type { BatchRow } from '#db/batches.ts';
import type { Database, Sql } from '#db/connection.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Clock } from '#src/core/clock.ts';
import type { Log } from '#src/core/log.ts';
import type { Settings } from '#src/core/settings.ts';
import type { BillingMode } from '#src/entitlements/recompute.ts';

/** What carrying out batches runs on. */
export type BatchDeps = {
  database: Database;
  settings: Settings;
  mode: BillingMode;
  clock: Clock;
  log: Log;
  /** Called in the transaction of the last line. */
  onEnd(sql: Sql, cause: Cause, batch: BatchRow): Promise<void>;
  /** Named places at which a test may crash the worker. */
  crashPoint?: (name: BatchCrashPoint, batch: BatchRow) => void | Promise<void>;
};

export type BatchCrashPoint = 'batch claimed' | 'lines about to commit' | 'lines committed';

/** The lease ran out meanwhile: another worker may have done these lines, so nothing of this step is kept. */
export class BatchLeaseLost extends Error {}

/** Nothing may be changed at the moment; what a restore takes away must not look done. */
export class BatchInMaintenance extends Error {}

type LogLine = { event: string; action: string; [key: string]: unknown };

/** What became of one line. */
export type LineOutcome = {
  state: 'applied' | 'skipped';
  customerId: string | null;
  entryId: string | null;
  /** A sentence. */
  result: string;
  logs: LogLine[];
};

/** What carrying out a line may use; `cause` is the requester's, with the line's own reason and ticket. */
export type LineContext = { sql: Sql; settings: Settings; mode: BillingMode; cause: Cause; batch: BatchRow };

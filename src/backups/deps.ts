import { dirname, join, resolve } from 'node:path';
import { sqliteFileOf } from '#db/backup-sqlite.ts';
import { type Database, engineOf, type Sql } from '#db/connection.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Clock } from '#src/core/clock.ts';
import type { Log } from '#src/core/log.ts';
import type { Settings } from '#src/core/settings.ts';
import type { BillingMode } from '#src/entitlements/recompute.ts';
import type { Reply } from '#src/replies/reply.ts';

/** How a run ends that a backup or a restore was the work of. */
export type RunEnd = {
  isDone: boolean;
  /** A sentence that stands alone. */
  title: string;
  facts: NonNullable<Reply['facts']>;
  hint?: string;
  json: Record<string, unknown>;
};

export type BackupDeps = {
  database: Database;
  settings: Settings;
  clock: Clock;
  log: Log;
  mode: BillingMode;
  /** Waits until the others have noticed something. */
  pause(ms: number): Promise<void>;
  /** The run comes to its end, in the transaction of that end. */
  onEnd(sql: Sql, cause: Cause, runId: string, end: RunEnd): Promise<void>;
  /** Tests end a process here. */
  crashPoint?(name: CrashPoint): void;
};

export type CrashPoint =
  | 'backup written'
  | 'maintenance on'
  | 'safety copy made'
  | 'restored beside'
  | 'intake closed'
  | 'swapped';

/** Where backups lie: an absolute path on this machine. */
export function backupFolder(settings: Settings, sql: Sql): string {
  if (settings.backups.folder !== undefined) return resolve(settings.backups.folder);
  if (engineOf(sql) === 'sqlite') return join(dirname(resolve(sqliteFileOf(sql))), 'backups');
  return resolve('data/backups');
}

import { copyApproval, copyRows, learnCards, learnMails } from '#db/after-restore.ts';
import { copyEffects, copyGlasses, copyIncidents, copyLocks, copyTimers } from '#db/carry-over.ts';
import type { Sql } from '#db/connection.ts';
import type { RestoreRow } from '#db/restores.ts';
import type { Cause } from '#src/core/cause.ts';
import { DAY_MS } from '#src/core/clock.ts';
import { recomputeEntitlement } from '#src/entitlements/recompute.ts';
import type { BackupDeps } from './deps.ts';

type Deps = Pick<BackupDeps, 'settings' | 'mode'>;

/**
 * What people decided about money since the backup; before anything is held, so that what is open among it is held, too.
 */
export async function learnEffects(live: Sql, sql: Sql, { reached_at }: RestoreRow): Promise<void> {
  await copyEffects(live, sql, reached_at - DAY_MS);
}

/** What else the restored database must know of the time between. */
export async function learn(deps: Deps, live: Sql, sql: Sql, row: RestoreRow, cause: Cause): Promise<void> {
  if (row.run_id !== null) {
    await copyRows(live, sql, 'runs', { id: row.run_id }, ['id']);
    await copyApproval(live, sql, row.run_id);
  }
  await copyRows(live, sql, 'cards', { key: `restore:${row.id}` }, ['key']);
  await copyRows(live, sql, 'maintenance', { restore_id: row.id }, ['id']);
  await copyIncidents(live, sql);
  await copyGlasses(live, sql, row.reached_at - DAY_MS);
  await copyTimers(live, sql, [
    'alert_call',
    'incident_clock',
    'incident_severity',
    'incident_commander',
    'postmortem_due',
    'glass_end',
    'glass_review',
  ]);
  await learnCards(live, sql);
  await learnMails(live, sql, row.reached_at - DAY_MS);
  await learnLocks(deps, live, sql, cause);
}

async function learnLocks({ settings, mode }: Deps, live: Sql, sql: Sql, cause: Cause): Promise<void> {
  for (const lock of await copyLocks(live, sql)) {
    const why = { kind: 'staff', ref: lock.id, reason: lock.reason } as const;
    await recomputeEntitlement(sql, { settings, mode, cause }, lock.customer_id, why);
  }
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { insertBackup } from '#db/backups.ts';
import type { Database } from '#db/connection.ts';
import { insertRestore, type RestoreRow } from '#db/restores.ts';
import { carryBackups } from '#src/backups/carry-backups.ts';
import { carryRestores } from '#src/backups/carry-restore.ts';
import type { BackupDeps } from '#src/backups/deps.ts';
import { requireRestorable } from '#src/backups/find-backup.ts';
import { newBackup } from '#src/backups/new-backup.ts';
import { newRestore } from '#src/backups/new-restore.ts';
import { createLog } from '#src/core/log.ts';
import type { Settings } from '#src/core/settings.ts';
import { raceSettings } from './race-settings.ts';
import { testCause } from './test-cause.ts';
import type { TestClock } from './test-clock.ts';

/** Backups of somebody else’s world. */
export async function backupsOf(
  world: { database: Database; clock: TestClock },
  settings: Settings = raceSettings,
) {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-money-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { database, clock } = world;
  const deps: BackupDeps = {
    database,
    clock,
    settings: { ...settings, backups: { ...settings.backups, folder } },
    log: createLog('silent'),
    mode: 'test',
    pause: async () => {},
    onEnd: async () => {},
  };
  return {
    deps,
    async backup(slot = 'a test') {
      const { id } = newBackup(testCause(clock.now()), 'sqlite', 'asked', slot);
      await insertBackup(database.knex, {
        ...newBackup(testCause(clock.now()), 'sqlite', 'asked', slot),
        id,
      });
      while ((await carryBackups(deps)) > 0);
    },
    async restore(): Promise<RestoreRow> {
      const { id: backupId, file, reached_at: reachedAt } = await requireRestorable(database.knex, undefined);
      const row = newRestore(testCause(clock.now()), { kind: 'restore', backupId, file, reachedAt });
      await insertRestore(database.knex, row);
      await carryRestores(deps);
      const now: RestoreRow = await database.knex('restores').where({ id: row.id }).first();
      if (now.step !== 'catching_up') throw new Error(JSON.stringify(now));
      return now;
    },
  };
}

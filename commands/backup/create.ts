import { z } from 'zod';
import { asDatabase } from '#db/as-database.ts';
import { findLastVerified, insertBackup } from '#db/backups.ts';
import { engineOf } from '#db/connection.ts';
import { backupFolder } from '#src/backups/deps.ts';
import { requireTools } from '#src/backups/engine.ts';
import { newBackup } from '#src/backups/new-backup.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs } from '#src/runner/fields.ts';

/** Playbook, downtime response 3: what one could go back to. */
export const backupCreate = defineCommand({
  name: 'backup create',
  summary: 'Copy the whole database now, and try the copy by restoring it',
  examples: ['backup create --reason "before we clean up by hand" --ticket INC-7'],
  allowed: ['oncall'],
  effect: 'reversible',
  input: z.object({ ...changeInputs }),
  positionals: [],

  async gather(_input, { sql, settings }): Promise<boolean> {
    await requireTools({ database: asDatabase(sql), settings });
    return true;
  },

  async plan(_input, { sql, settings }) {
    const last = await findLastVerified(sql);
    return {
      title: 'Back the database up',
      customerId: null,
      changes: [],
      facts: [
        { label: 'Into', value: { code: backupFolder(settings, sql) } },
        {
          label: 'Last verified one',
          value: last?.reached_at == null ? 'none yet' : { at: last.reached_at },
        },
        { label: 'Meanwhile', value: 'Everybody goes on working' },
      ],
      confirmLabel: 'Back up',
      basis: ['backup'],
      data: null,
    };
  },

  async execute(_plan, { sql, cause }) {
    const row = newBackup(cause, engineOf(sql), 'asked', `run:${cause.runId}`);
    await insertBackup(sql, row);
    return {
      title: `Backup ${row.id} is being made`,
      customerId: null,
      changes: [],
      facts: [{ label: 'Backup', value: { code: row.id } }],
      before: null,
      after: { backup: row.id },
      undo: { line: null, sentence: 'Nothing to take back; old backups are deleted by themselves.' },
      logs: [{ event: 'backup', action: 'backup_asked', backup: row.id }],
      json: { backup: row.id },
      isOnItsWay: true,
      follow: `backup:${row.id}`,
    };
  },
});

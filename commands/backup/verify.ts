import { z } from 'zod';
import { asDatabase } from '#db/as-database.ts';
import { updateBackup } from '#db/backups.ts';
import { backupFacts } from '#src/backups/describe.ts';
import { requireRestorable } from '#src/backups/find-backup.ts';
import { proveBackup } from '#src/backups/prove.ts';
import { backupField } from '#src/runner/backup-fields.ts';
import { defineLookup } from '#src/runner/define-command.ts';

/** The same proof as when it was made: restored beside the living database, checked, and thrown away. */
export const backupVerify = defineLookup({
  name: 'backup verify',
  summary: 'Try a backup again by restoring it beside the living database',
  examples: ['backup verify bkp_01jd2n8t1k5wq7x3e9r4'],
  allowed: ['oncall'],
  effect: 'reads',
  input: z.object({ backup: backupField }),
  positionals: ['backup'],

  async answer({ backup }, { sql, settings, cause, progress }) {
    const row = await requireRestorable(sql, backup);
    const deps = { database: asDatabase(sql), settings, clock: { now: () => cause.now } };
    const { problems, facts } = await proveBackup(deps, row, progress);
    const isGood = problems.length === 0;
    const tried = {
      state: isGood ? ('verified' as const) : ('bad' as const),
      facts: facts === null ? row.facts : JSON.stringify(facts),
      verified_at: cause.now,
      error: isGood ? null : problems.join(' '),
    };
    await updateBackup(sql, row.id, tried);
    const title = isGood
      ? `Backup ${row.id} can be restored: it is whole, every balance adds up, and its audit holds.`
      : `Backup ${row.id} is bad: ${problems.join(' ')}`;
    const json = { backup: row.id, verified: isGood, problems, facts };
    if (isGood) return { tone: 'info', title, facts: backupFacts({ ...row, ...tried }), json };
    const hint = 'Do not rely on it; see which others there are: backup list';
    return {
      tone: 'refused',
      title,
      facts: backupFacts({ ...row, ...tried }),
      hint,
      json: {
        error: { code: 'conflict', message: title, hint },
        correlationId: cause.correlationId,
        ...json,
      },
    };
  },
});

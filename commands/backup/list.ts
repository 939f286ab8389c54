import { existsSync } from 'node:fs';
import { z } from 'zod';
import { type BackupRow, listBackups } from '#db/backups.ts';
import { findLastRestore, findOpenRestore } from '#db/restores.ts';
import { backupFolder } from '#src/backups/deps.ts';
import { sizeWords, stateWords, whyWords } from '#src/backups/describe.ts';
import { endedRun } from '#src/backups/restore-report.ts';
import { isoTime, spanWords } from '#src/core/clock.ts';
import type { Reply, Value } from '#src/replies/reply.ts';
import { defineLookup } from '#src/runner/define-command.ts';

const SHOWN = 20;

/** What one could go back to, and how the last restore and drill went. */
export const backupList = defineLookup({
  name: 'backup list',
  summary: 'List the backups, and what one could go back to',
  examples: ['backup list'],
  allowed: ['oncall'],
  effect: 'reads',
  input: z.object({}),
  positionals: [],

  async answer(_input, { sql, settings, cause: { now } }): Promise<Reply> {
    const rows = await listBackups(sql, SHOWN);
    const good = rows.find((row) => row.state === 'verified');
    const open = await findOpenRestore(sql);
    const ended = [await findLastRestore(sql, 'restore'), await findLastRestore(sql, 'drill')];
    return {
      tone: good ? 'info' : 'warning',
      title:
        good?.reached_at == null
          ? 'There is no verified backup yet.'
          : `The newest verified backup is ${spanWords(Math.max(1_000, now - good.reached_at))} old.`,
      facts: [{ label: 'Folder', value: { code: backupFolder(settings, sql) } }],
      sections: [
        {
          heading: 'Backups',
          table: {
            columns: ['Backup', 'As of', 'Made', 'Size', 'Is'],
            rows: rows.map((row): Value[] => [
              { code: row.id },
              row.reached_at === null ? 'not made yet' : { at: row.reached_at },
              whyWords[row.why],
              row.bytes === null ? '' : sizeWords(row.bytes),
              standing(row),
            ]),
          },
          empty: 'None yet.',
        },
        {
          heading: 'Restores and drills',
          lines: ended.flatMap((row): Value[][] =>
            row?.ended_at == null ? [] : [[{ at: row.ended_at }, endedRun(row).title]],
          ),
          empty: 'None yet. To try one without touching anything: backup restore --drill',
        },
      ],
      ...(open
        ? { warnings: [`A restore is under way: ${open.requested_by}’s, of ${open.backup_id}.`] }
        : {}),
      ...(good
        ? { hint: `To try it: backup restore --drill. In earnest: backup restore ${good.id}` }
        : { hint: 'Make one: backup create' }),
      json: {
        backups: rows.map((row) => ({
          id: row.id,
          state: row.state,
          why: row.why,
          asOf: row.reached_at === null ? null : isoTime(row.reached_at),
          bytes: row.bytes,
          file: row.file,
          isHere: row.file !== null && existsSync(row.file),
          problem: row.error,
        })),
      },
    };
  },
});

function standing(row: BackupRow): string {
  if (row.file !== null && !existsSync(row.file))
    return `${stateWords[row.state]}; its file is not on this machine`;
  return row.error === null ? stateWords[row.state] : `${stateWords[row.state]} (${row.error})`;
}

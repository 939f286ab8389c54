import type { Sql } from '#db/connection.ts';
import { type MaintenanceRow, readMaintenance } from '#db/maintenance.ts';
import { formatUtc } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';

/** What may be done while nothing else may: going on with what the maintenance is for. */
const exempt: readonly string[] = ['backup restore'];

/**
 * Refuses a change while Lucy is in maintenance. Called in the transaction of the change, too: what was begun before is
 * not carried out after.
 *
 * @throws UserError with what is going on and when it ends
 */
export async function requireNoMaintenance(sql: Sql, command: string, now: number): Promise<void> {
  if (exempt.includes(command)) return;
  const row = await readMaintenance(sql, now);
  if (row) throw inMaintenance(row);
}

export function inMaintenance(row: MaintenanceRow): UserError {
  return new UserError(
    'unavailable',
    `Lucy is in maintenance: ${row.says}. Nothing can be changed until that is over, so nothing was changed.`,
    `Look things up as ever, and try again in a few minutes; unless it is renewed, it ends by itself at ${formatUtc(row.until)}.`,
  );
}

import type { Sql } from '#db/connection.ts';
import type { OutboxRow } from '#db/outbox.ts';
import { laterStageWaits, stillHolds } from '#db/outbox-conditions.ts';

/** Why nobody should be called by this message any more; null when they should. Nothing is called for what is long over. */
export async function staleBecause(sql: Sql, row: OutboxRow): Promise<string | null> {
  if (!row.only_while) return null;
  if (!(await stillHolds(sql, row.only_while))) return 'what it calls for is over';
  return (await laterStageWaits(sql, row)) ? 'a later call for the same waits behind it' : null;
}

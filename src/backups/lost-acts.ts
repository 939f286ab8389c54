import { countActsAfter, listActsAfter } from '#db/after-restore.ts';
import type { Sql } from '#db/connection.ts';
import type { RestoreFacts } from './restore-facts.ts';

const SHOWN = 20;
const byPeople = ['slack', 'terminal'];

/** What people and the product did after the backup was made, read from the database that it will replace. */
export async function findLostActs(
  live: Sql,
  lastAuditId: string | null,
): Promise<NonNullable<RestoreFacts['lost']>> {
  const rows = await listActsAfter(live, lastAuditId, byPeople, SHOWN);
  return {
    acts: await countActsAfter(live, lastAuditId, byPeople),
    calls: await countActsAfter(live, lastAuditId, ['api']),
    shown: rows.map((row) => ({ at: row.at, by: row.actor_name, what: row.command, why: row.reason })),
  };
}

import type { AuditEventRow } from '#db/audit-events.ts';
import type { Sql } from '#db/connection.ts';
import { type ActFate, countActsAfter, findActFate, listActsAfter } from '#db/lost-acts.ts';
import { clamp } from '#src/core/text.ts';
import type { LostAct, RestoreFacts } from './restore-facts.ts';

const SHOWN = 20;
const ABOUT_MAX = 120;
const byPeople = ['slack', 'terminal'];

/**
 * What people and the product did after the backup was made, read from the database that it will replace.
 *
 * @param restored what takes its place, once it was made ready: it knows what was carried over
 */
export async function findLostActs(
  live: Sql,
  lastAuditId: string | null,
  restored: Sql | null = null,
): Promise<NonNullable<RestoreFacts['lost']>> {
  const rows = await listActsAfter(live, lastAuditId, byPeople, SHOWN);
  const shown: LostAct[] = [];
  for (const row of rows) {
    const fate = await findActFate(live, restored, row);
    shown.push({
      at: row.at,
      by: row.actor_name,
      what: row.command,
      why: row.reason,
      about: aboutOf(row, fate.email),
      note: noteOf(fate),
    });
  }
  return {
    acts: await countActsAfter(live, lastAuditId, byPeople),
    calls: await countActsAfter(live, lastAuditId, ['api']),
    shown,
  };
}

function noteOf({ isAtStripe, isHeld, isLocked }: ActFate): string | null {
  if (isAtStripe) return 'Done at Stripe: do not repeat it';
  if (isHeld) return 'Held on its way to Stripe: let it go on with “backup release”';
  return isLocked ? 'Carried over: the lock is in force' : null;
}

/** Said elsewhere in the line. */
const saidAnyway = new Set(['reason', 'ticket', 'email', 'customer']);

/** `sofia@firm.com, count 30`. */
function aboutOf(row: AuditEventRow, email: string | null): string {
  const input: unknown = JSON.parse(row.input);
  const typed = Object.entries(input !== null && typeof input === 'object' ? input : {})
    .filter(([name, value]) => !saidAnyway.has(name) && isShort(value))
    .map(([name, value]) => `${name} ${value}`);
  return clamp([...(email ? [email] : []), ...typed].join(', '), ABOUT_MAX);
}

function isShort(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && value !== '');
}

import type { Sql } from '#db/connection.ts';
import {
  findInvestigation,
  findInvestigationOf,
  type InvestigationRow,
  lockInvestigationOf,
} from '#db/investigations.ts';
import { formatUtc } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';

/**
 * By its ticket, or by its own id.
 *
 * @throws UserError when there is none
 */
export async function requireCase(sql: Sql, named: string): Promise<InvestigationRow> {
  const row = (await findInvestigationOf(sql, named)) ?? (await findInvestigation(sql, named));
  if (row) return row;
  throw new UserError('not_found', `Nobody investigates ${named} yet.`, `Begin with: investigate ${named}`, {
    ticket: 'No case is open for this ticket.',
  });
}

/** @throws UserError when there is none, or it is closed */
export async function requireOpenCase(sql: Sql, ticket: string): Promise<InvestigationRow> {
  return requireOpen(await requireCase(sql, ticket));
}

/** Holds it until the end of the transaction. @throws UserError when it was closed meanwhile */
export async function holdOpenCase(sql: Sql, ticket: string): Promise<InvestigationRow> {
  const held = await lockInvestigationOf(sql, ticket);
  return requireOpen(held ?? (await requireCase(sql, ticket)));
}

function requireOpen(row: InvestigationRow): InvestigationRow {
  if (row.state === 'open') return row;
  throw new UserError(
    'conflict',
    `${row.closed_name} closed the case of ${row.ticket} at ${formatUtc(row.closed_at ?? 0)}, so nothing was changed: ${row.close_reason}`,
    `To go on with it: investigate ${row.ticket}`,
  );
}

import { type BreakGlassRow, findBreakGlass } from '#db/break-glass.ts';
import type { Sql } from '#db/connection.ts';
import { UserError } from '#src/core/errors.ts';

/** @throws UserError when there is none with this id */
export async function requireKnownGlass(sql: Sql, id: string): Promise<BreakGlassRow> {
  const glass = await findBreakGlass(sql, id);
  if (glass) return glass;
  throw new UserError('not_found', `There is no break-glass ${id}.`, 'They stand in: break-glass list', {
    glass: 'There is no such break-glass.',
  });
}

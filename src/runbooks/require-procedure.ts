import { distance } from 'fastest-levenshtein';
import { UserError } from '#src/core/errors.ts';
import type { Procedure } from './procedure.ts';
import { findProcedure, procedureNames } from './procedures.ts';

/** @throws UserError that names the nearest one */
export function requireProcedure(typed: string): Procedure {
  const name = typed
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
  const found = findProcedure(name);
  if (found) return found;
  const [near] = [...procedureNames].sort((a, b) => distance(a, name) - distance(b, name));
  const isNear = near !== undefined && (distance(near, name) <= 3 || near.includes(name));
  const message = `There is no runbook “${typed}”.`;
  throw new UserError(
    'not_found',
    message,
    isNear ? `Did you mean “${near}”?` : 'See all of them with: runbook list',
    {
      name: message,
    },
  );
}

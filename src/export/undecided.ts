import { UserError } from '#src/core/errors.ts';

/** A table or column that came after the rules: nothing leaves that nobody decided about. */
export function undecided(what: string): UserError {
  return new UserError(
    'unavailable',
    `Nobody decided yet what becomes of ${what} in a copy, so nothing was exported.`,
    'Tell whoever maintains Lucy: src/export/columns needs its rule.',
  );
}

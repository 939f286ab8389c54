import type { UserErrorCode } from '#src/core/errors.ts';

/** Exit codes of DESIGN section 9. */
export const exitCodes: Record<UserErrorCode, number> = {
  usage: 2,
  invalid: 2,
  refused: 3,
  not_found: 5,
  conflict: 1,
  insufficient: 1,
  moved: 1,
  unavailable: 1,
};

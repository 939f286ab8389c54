import type { TeamKey } from '#src/core/settings-routing.ts';
import { type TroubleId, troubles } from './troubles.ts';

/** The command line that hands a trouble to its team, with what it is about. */
export function escalateLine(team: TeamKey, subject: string | null, trouble: TroubleId): string {
  return `escalate ${team}${subject === null ? '' : ` ${subject}`} --about "${troubles[trouble].title}"`;
}

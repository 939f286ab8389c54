import { type Moment, timelineOf } from './timeline.ts';
import type { Trail } from './trail.ts';

/** To investigate leaves traces of its own, and they are not what it looks for. */
export function withoutOwn(trail: Trail): { moments: Moment[]; correlationIds: string[] } {
  const own = new Set(
    [...trail.audit.values(), ...trail.runs.values()]
      .filter(({ command }) => command.startsWith('investigat'))
      .map((row) => row.correlation_id),
  );
  const moments = timelineOf(trail).filter(
    ({ correlationId, kind }) => !own.has(correlationId) && kind !== 'investigation',
  );
  return { moments, correlationIds: [...trail.correlationIds].filter((id) => !own.has(id)) };
}

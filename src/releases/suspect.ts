import type { Sql } from '#db/connection.ts';
import { findReleaseBetween, type ReleaseRow } from '#db/releases.ts';
import { MINUTE_MS, spanWords } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';

/** The release that preceded an outage, if there was one shortly before. */
export async function findSuspect(
  sql: Sql,
  settings: Settings,
  beganAt: number,
): Promise<ReleaseRow | undefined> {
  const within = settings.releases.suspect_within_minutes * MINUTE_MS;
  return findReleaseBetween(sql, beganAt - within, beganAt);
}

export function suspectWords(release: ReleaseRow, beganAt: number): string {
  return `${release.version}, ${spanWords(beganAt - release.deployed_at)} before`;
}

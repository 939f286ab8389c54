import type { Sql } from '#db/connection.ts';
import { listIncidents } from '#db/incidents.ts';
import { listReleases, type ReleaseRow } from '#db/releases.ts';
import { listRollbacksFrom } from '#db/rollbacks.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';

export type Release = ReleaseRow & {
  /** Until when it ran; null for the present one. */
  endedAt: number | null;
  /** Why it is not one to go back to; null when it is. */
  doubt: string | null;
};

const LOOKED_AT = 50;

/** The last releases, newest first, each with whether one could go back to it. */
export async function readReleases(sql: Sql, settings: Settings, now: number): Promise<Release[]> {
  const rows = await listReleases(sql, LOOKED_AT);
  const incidents = await listIncidents(sql, 200);
  const rolledBack = new Set(
    (
      await listRollbacksFrom(
        sql,
        rows.map(({ version }) => version),
      )
    ).map(({ from_version }) => from_version),
  );
  const stableMs = settings.releases.stable_after_minutes * MINUTE_MS;
  return rows.map((row, index) => {
    const endedAt = rows[index - 1]?.deployed_at ?? null;
    const until = endedAt ?? now;
    const incident = incidents.find(
      ({ declared_at, severity }) =>
        severity !== 'sev3' && declared_at >= row.deployed_at && declared_at < until,
    );
    const doubt = rolledBack.has(row.version)
      ? 'was rolled back'
      : incident
        ? `INC-${incident.number} began while it ran`
        : until - row.deployed_at < stableMs
          ? `ran for less than ${settings.releases.stable_after_minutes} minutes`
          : null;
    return { ...row, endedAt, doubt };
  });
}

/** The last version that ran long enough without trouble, other than the present one. */
export function lastStable(releases: readonly Release[]): Release | undefined {
  const [present, ...before] = releases;
  return before.find(({ doubt, version }) => doubt === null && version !== present?.version);
}

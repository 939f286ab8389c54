import type { Sql } from '#db/connection.ts';
import { insertRelease, listReleases } from '#db/releases.ts';
import { recordAudit } from '#src/audit/record.ts';
import type { Cause } from '#src/core/cause.ts';
import { newId } from '#src/core/ids.ts';
import { noteOpenIncidents } from '#src/incidents/note.ts';

export type ReleaseReport = {
  /** CI's own id of the deployment. */
  releaseId: string;
  version: string;
  url: string | null;
  deployedAt: number;
};

/** Writes down what was deployed; false when it was reported already. */
export async function reportRelease(sql: Sql, cause: Cause, report: ReleaseReport): Promise<boolean> {
  const [before] = await listReleases(sql, 1);
  const isNew = await insertRelease(sql, {
    id: newId('rel', cause.now),
    external_id: report.releaseId,
    version: report.version,
    url: report.url,
    reported_by: cause.actor.name,
    deployed_at: report.deployedAt,
    reported_at: cause.now,
    correlation_id: cause.correlationId,
  });
  if (!isNew) return false;
  await recordAudit(sql, cause, {
    command: 'release report',
    outcome: 'done',
    customerId: null,
    input: report,
    before: { version: before?.version ?? null },
    after: { version: report.version },
  });
  await noteOpenIncidents(sql, cause, {
    kind: 'release',
    text: `reported that ${report.version} was deployed`,
    dedupeKey: `release:${report.releaseId}`,
  });
  return true;
}

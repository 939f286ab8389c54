import type { Sql } from '#db/connection.ts';
import { type FindingRow, findFinding } from '#db/findings.ts';
import {
  countToldSince,
  findOpenDigest,
  insertNotice,
  type NoticeRow,
  putNoticeFinding,
  raiseNoticeVersion,
} from '#db/team-notices.ts';
import type { Cause } from '#src/core/cause.ts';
import { HOUR_MS, MINUTE_MS } from '#src/core/clock.ts';
import { newId } from '#src/core/ids.ts';
import type { Settings } from '#src/core/settings.ts';
import { raiseFinding } from '#src/findings/open.ts';
import { troubles } from '#src/routing/troubles.ts';
import type { Defect, DetectedKind } from './detector.ts';
import { renewNoticeCard } from './notice-card.ts';

/** More of one kind within ten minutes are one message: nobody reads a flood. */
const ALONE_MAX = 5;
const FLOOD_MS = 10 * MINUTE_MS;
/** So long a digest takes up what follows it; then a new one is posted, because an edit calls nobody. */
const DIGEST_MS = HOUR_MS;

/** Opens a finding for each defect, once, and tells the runbook’s team of those that are new. Returns these. */
export async function tellNew(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  kind: DetectedKind,
  defects: readonly Defect[],
): Promise<Defect[]> {
  const opened: { defect: Defect; finding: FindingRow }[] = [];
  for (const defect of defects) {
    const finding = await open(sql, cause, kind, defect);
    if (finding) opened.push({ defect, finding });
  }
  if (opened.length === 0) return [];
  const lately = await countToldSince(sql, kind, cause.now - FLOOD_MS);
  const findings = opened.map(({ finding }) => finding);
  if (lately + findings.length <= ALONE_MAX) {
    for (const finding of findings)
      await tellOf(sql, settings, cause, await newNotice(sql, cause, kind, 'one'), [finding]);
  } else {
    const digest = await findOpenDigest(sql, kind, cause.now - DIGEST_MS);
    if (digest) await raiseNoticeVersion(sql, digest.id, null);
    await tellOf(sql, settings, cause, digest ?? (await newNotice(sql, cause, kind, 'many')), findings);
  }
  return opened.map(({ defect }) => defect);
}

/** The finding, if it was not open before. */
async function open(
  sql: Sql,
  cause: Cause,
  kind: DetectedKind,
  { subject, customerId, summary, details }: Defect,
): Promise<FindingRow | undefined> {
  const isNew = await raiseFinding(sql, cause, {
    kind,
    subject,
    customerId,
    summary,
    hint: '',
    evidence: details,
    tell: null,
  });
  return isNew ? findFinding(sql, kind, subject) : undefined;
}

async function newNotice(
  sql: Sql,
  cause: Cause,
  kind: DetectedKind,
  scope: NoticeRow['scope'],
): Promise<NoticeRow> {
  const notice: NoticeRow = {
    id: newId('ntc', cause.now),
    kind,
    team: troubles[kind].team ?? 'billing_engineering',
    scope,
    version: 1,
    opened_at: cause.now,
    closed_at: null,
    correlation_id: cause.correlationId,
  };
  await insertNotice(sql, notice);
  return notice;
}

async function tellOf(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  notice: NoticeRow,
  findings: readonly FindingRow[],
): Promise<void> {
  for (const { id, summary, evidence } of findings) {
    const told = {
      notice_id: notice.id,
      finding_id: id,
      summary,
      evidence,
      told_at: cause.now,
      healed_at: null,
    };
    await putNoticeFinding(sql, told);
  }
  await renewNoticeCard(sql, settings, { ...cause, correlationId: notice.correlation_id }, notice.id);
}

import type { Sql } from '#db/connection.ts';
import { closeFinding, type FindingRow } from '#db/findings.ts';
import { countNoticeFindings, healInNotices, raiseNoticeVersion } from '#db/team-notices.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import { renewNoticeCard } from './notice-card.ts';

/** Closes what is well again, and says so on the card that told of it: nobody is called for it. */
export async function tellHealed(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  findings: readonly FindingRow[],
): Promise<void> {
  const notices = new Set<string>();
  for (const { id, kind, subject } of findings) {
    // Another process was quicker, and has told it.
    if (!(await closeFinding(sql, kind, subject, cause.now))) continue;
    for (const noticeId of await healInNotices(sql, id, cause.now)) notices.add(noticeId);
  }
  for (const noticeId of notices) {
    const { open } = await countNoticeFindings(sql, noticeId);
    await raiseNoticeVersion(sql, noticeId, open === 0 ? cause.now : null);
    await renewNoticeCard(sql, settings, cause, noticeId);
  }
}

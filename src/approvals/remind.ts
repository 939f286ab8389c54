import { type ApprovalRow, lockApproval, updatePendingApproval } from '#db/approvals.ts';
import type { Sql } from '#db/connection.ts';
import { findRun } from '#db/runs.ts';
import { setTimer } from '#db/timers.ts';
import type { Cause } from '#src/core/cause.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import type { ChannelKey, Settings } from '#src/core/settings.ts';
import { counted } from '#src/core/text.ts';
import { postMessage } from '#src/outbox/post.ts';
import { remindAfterMs } from '#src/policy/approval-rules.ts';
import type { Reply } from '#src/replies/reply.ts';
import { neededWords } from './answered.ts';
import { cardKey } from './card.ts';
import { mentionsOfRole } from './mentions.ts';
import { readShownPlan } from './shown-plan.ts';

/**
 * One reminder in the card's thread, each after twice the time of the one before; after the last, whoever the
 * settings name is asked instead. Expiry ends it in any case.
 */
export async function remindOfApproval(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  approvalId: string,
): Promise<void> {
  const approval = await lockApproval(sql, approvalId);
  if (approval?.state !== 'pending' || approval.expires_at <= cause.now) return;
  const isEscalation = approval.reminders >= settings.approvals.reminders;
  const count = approval.reminders + 1;
  const patch = isEscalation ? { escalated_at: cause.now } : { reminders: count };
  if (!(await updatePendingApproval(sql, approval.id, approval.version, patch))) return;
  await postMessage(sql, cause, {
    dedupeKey: `approval-reminder:${approval.id}:${isEscalation ? 'escalation' : count}`,
    target: approval.channel as ChannelKey,
    threadOf: cardKey(approval.id),
    onlyWhile: `approval:${approval.id}`,
    reply: await reminder(sql, settings, cause, approval, isEscalation),
  });
  if (isEscalation) return;
  // The last one comes before it expires, however short that is.
  const left = approval.expires_at - cause.now;
  const dueAt = cause.now + Math.min(remindAfterMs(settings) * 2 ** count, Math.floor(left / 2));
  await setTimer(sql, cause.now, { kind: 'approval_reminder', subject: approval.id, dueAt });
}

async function reminder(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  approval: ApprovalRow,
  isEscalation: boolean,
): Promise<Reply> {
  const { title } = readShownPlan((await findRun(sql, approval.run_id))?.plan ?? null);
  const minutes = Math.round((cause.now - approval.created_at) / MINUTE_MS);
  const waits = `“${title}” waits for ${neededWords(approval)} since ${counted(minutes, 'minute')}`;
  return {
    tone: 'warning',
    title: isEscalation
      ? `${waits}, and nobody answered: ${settings.approvals.escalate_to}, please decide or find somebody who does.`
      : `${waits}.`,
    mentions: mentionsOfRole(
      settings,
      isEscalation ? settings.approvals.escalate_to : approval.approver_role,
    ),
    facts: [{ label: 'Expires', value: { at: approval.expires_at } }],
    hint: 'Answer it with the buttons of the card above.',
    correlationId: approval.correlation_id,
  };
}

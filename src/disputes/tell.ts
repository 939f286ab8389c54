import type { Sql } from '#db/connection.ts';
import { type DisputeRow, type DisputeStepRow, findDispute, listDisputeSteps } from '#db/disputes.ts';
import { listFraudWarningsOfCharge } from '#db/fraud-warnings.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import { isInAppeal, isOver } from '#src/gateways/stripe-dispute-status.ts';
import { postMessage } from '#src/outbox/post.ts';
import { disputeCardKey, renewDisputeCard } from './card.ts';
import type { FetchedCases } from './fetch.ts';
import type { CaseNews } from './record.ts';
import { settledAt, standsWords, statusWords, takesAnswer, wantsAnswer } from './status.ts';
import { setDisputeTimers } from './timers.ts';
import { renewWarningCard } from './warning-card.ts';

/** Cards, threads and timers follow what changed. A warning tells of its dispute, and so changes with it. */
export async function tellCases(sql: Sql, settings: Settings, cause: Cause, news: CaseNews): Promise<void> {
  const warningIds = new Set(news.warningIds);
  for (const id of news.disputeIds) {
    const dispute = await findDispute(sql, id);
    if (!dispute) continue;
    for (const warning of await listFraudWarningsOfCharge(sql, dispute.charge_id)) warningIds.add(warning.id);
    const steps = await listDisputeSteps(sql, id);
    // Over before anybody heard of it, such as those of the years before Lucy: nothing is left to do about it.
    if (isOver(dispute.status) && steps.length <= 1) continue;
    await renewDisputeCard(sql, settings, cause, id);
    await setDisputeTimers(sql, cause.now, dispute);
    await tellStep(sql, cause, dispute, steps.at(-1));
    await tellRefunded(sql, cause, dispute);
  }
  for (const id of warningIds) await renewWarningCard(sql, cause, id);
}

/** Tier, access or credits moved, and the cards of what is open show them, too. */
export function addOpenDisputes(news: CaseNews, { disputes }: FetchedCases): void {
  for (const { id, status } of disputes) if (!isOver(status)) news.disputeIds.add(id);
}

/** Each step after the first stands in the card's thread. */
async function tellStep(
  sql: Sql,
  cause: Cause,
  dispute: DisputeRow,
  step: DisputeStepRow | undefined,
): Promise<void> {
  if (!step || step.seq === 1) return;
  const disputeId = dispute.id;
  await postMessage(sql, cause, {
    dedupeKey: `dispute-step:${disputeId}:${step.seq}`,
    target: 'billing',
    threadOf: disputeCardKey(disputeId),
    reply: {
      tone: isOver(step.status) && step.status !== 'lost' ? 'done' : 'warning',
      title: `${statusWords(step.status)}.`,
      facts: [{ label: 'Dispute', value: { code: disputeId } }],
      ...hintOf(dispute),
      correlationId: cause.correlationId,
    },
  });
}

/** Whoever was asked to answer an inquiry reads that nobody has to any more. */
async function tellRefunded(sql: Sql, cause: Cause, dispute: DisputeRow): Promise<void> {
  const at = settledAt(dispute);
  if (at === null) return;
  await postMessage(sql, cause, {
    dedupeKey: `dispute-refunded:${dispute.id}:${at}`,
    target: 'billing',
    threadOf: disputeCardKey(dispute.id),
    reply: {
      tone: 'done',
      title: `${standsWords(dispute)}.`,
      facts: [{ label: 'Dispute', value: { code: dispute.id } }],
      correlationId: cause.correlationId,
    },
  });
}

function hintOf(dispute: DisputeRow): { hint?: string } {
  if (wantsAnswer(dispute) && isInAppeal(dispute.status))
    return { hint: 'An appeal is answered in Stripe’s dashboard.' };
  return takesAnswer(dispute) && dispute.decision === null
    ? { hint: 'Decide with the buttons of the card above.' }
    : {};
}

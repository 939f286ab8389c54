import type { Sql } from '#db/connection.ts';
import { findDispute, listDisputeSteps } from '#db/disputes.ts';
import { listFraudWarningsOfCharge } from '#db/fraud-warnings.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import { postMessage } from '#src/outbox/post.ts';
import { disputeCardKey, renewDisputeCard } from './card.ts';
import type { FetchedCases } from './fetch.ts';
import type { CaseNews } from './record.ts';
import { isOver, needsAnswer, statusWords } from './status.ts';
import { setDisputeTimers } from './timers.ts';
import { renewWarningCard } from './warning-card.ts';

/** Cards, threads and timers follow what changed. A warning tells of its dispute, and so changes with it. */
export async function tellCases(sql: Sql, settings: Settings, cause: Cause, news: CaseNews): Promise<void> {
  const warningIds = new Set(news.warningIds);
  for (const id of news.disputeIds) {
    const dispute = await findDispute(sql, id);
    if (!dispute) continue;
    for (const warning of await listFraudWarningsOfCharge(sql, dispute.charge_id)) warningIds.add(warning.id);
    await renewDisputeCard(sql, settings, cause, id);
    await setDisputeTimers(sql, cause.now, dispute);
    await tellStep(sql, cause, id);
  }
  for (const id of warningIds) await renewWarningCard(sql, cause, id);
}

/** Tier, access or credits moved, and the cards of what is open show them, too. */
export function addOpenDisputes(news: CaseNews, { disputes }: FetchedCases): void {
  for (const { id, status } of disputes) if (!isOver(status)) news.disputeIds.add(id);
}

/** Each step after the first stands in the card's thread. */
async function tellStep(sql: Sql, cause: Cause, disputeId: string): Promise<void> {
  const step = (await listDisputeSteps(sql, disputeId)).at(-1);
  if (!step || step.seq === 1) return;
  await postMessage(sql, cause, {
    dedupeKey: `dispute-step:${disputeId}:${step.seq}`,
    target: 'billing',
    threadOf: disputeCardKey(disputeId),
    reply: {
      tone: isOver(step.status) && step.status !== 'lost' ? 'done' : 'warning',
      title: `${statusWords(step.status)}.`,
      facts: [{ label: 'Dispute', value: { code: disputeId } }],
      ...(needsAnswer(step.status) ? { hint: 'Decide with the buttons of the card above.' } : {}),
      correlationId: cause.correlationId,
    },
  });
}

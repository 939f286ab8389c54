import type { Sql } from '#db/connection.ts';
import { findCustomerById } from '#db/customers.ts';
import { type DisputeRow, findDispute } from '#db/disputes.ts';
import { setTimer } from '#db/timers.ts';
import { mentionsOfRole } from '#src/approvals/mentions.ts';
import type { Cause } from '#src/core/cause.ts';
import { formatMoney } from '#src/core/money.ts';
import type { Settings } from '#src/core/settings.ts';
import { isInAppeal } from '#src/gateways/stripe-dispute-status.ts';
import { postMessage } from '#src/outbox/post.ts';
import { disputeCardKey, renewDisputeCard } from './card.ts';
import { leftWords } from './case-facts.ts';
import { waitsForDecision, wantsAnswer } from './status.ts';
import { nextCountdown, reminders } from './timers.ts';

/**
 * One reminder in the card's thread: `dp_…:3d`. Nobody is reminded of what is decided, answered or due at another time
 * by now.
 */
export async function remindOfDispute(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  subject: string,
): Promise<void> {
  const [id = '', word = ''] = subject.split(':');
  const dispute = await findDispute(sql, id);
  const reminder = reminders.find((candidate) => candidate.word === word);
  if (!dispute || !reminder || !isWaiting(dispute)) return;
  if (dispute.due_by - reminder.beforeMs > cause.now) return;
  await postMessage(sql, cause, {
    dedupeKey: `dispute-reminder:${id}:${word}:${dispute.due_by}`,
    target: 'billing',
    threadOf: disputeCardKey(id),
    onlyWhile: `dispute:${id}`,
    reply: {
      tone: 'warning',
      title: await sentenceOf(sql, dispute, cause.now),
      mentions: mentionsOfRole(settings, 'billing'),
      facts: [{ label: 'Answer by', value: { at: dispute.due_by } }],
      hint: hintOf(dispute, cause.now),
      correlationId: cause.correlationId,
    },
  });
}

/** The card tells the time that is left anew, until it is over. */
export async function countDown(sql: Sql, settings: Settings, cause: Cause, id: string): Promise<void> {
  const dispute = await findDispute(sql, id);
  if (!dispute || !wantsAnswer(dispute) || dispute.due_by === null) return;
  await renewDisputeCard(sql, settings, cause, id);
  const dueAt = nextCountdown(cause.now, dispute.due_by);
  if (dueAt === null) return;
  await setTimer(sql, cause.now, { kind: 'dispute_countdown', subject: id, dueAt });
}

function isWaiting(dispute: DisputeRow): dispute is DisputeRow & { due_by: number } {
  return waitsForDecision(dispute) && dispute.due_by !== null;
}

function hintOf({ id, status, phase, due_by }: DisputeRow & { due_by: number }, now: number): string {
  if (isInAppeal(status)) return `Answer the appeal in Stripe’s dashboard. Look: dispute show ${id}`;
  if (due_by > now) return 'Decide with the buttons of the card above.';
  return phase === 'inquiry'
    ? `Evidence comes too late now; a full refund still ends the inquiry: dispute accept ${id}`
    : `Evidence comes too late now; accept it, or wait for the bank. Look: dispute show ${id}`;
}

async function sentenceOf(sql: Sql, dispute: DisputeRow & { due_by: number }, now: number): Promise<string> {
  const customer = dispute.customer_id ? await findCustomerById(sql, dispute.customer_id) : undefined;
  const who = customer?.email ?? dispute.stripe_customer_id ?? 'an unknown customer';
  const what = `${kindOf(dispute)} ${formatMoney(dispute.amount, dispute.currency)} of ${who}`;
  if (dispute.due_by > now)
    return `${what} has to be answered within ${leftWords(dispute.due_by - now)}, and ${isInAppeal(dispute.status) ? 'only Stripe’s dashboard takes the answer' : 'nobody has decided yet'}.`;
  return dispute.phase === 'inquiry'
    ? `${what} was not answered in time; the bank may make it a formal dispute.`
    : `${what} was not answered in time; the bank will most likely decide for the cardholder.`;
}

function kindOf({ phase, status }: DisputeRow): string {
  if (isInAppeal(status)) return 'The appeal over';
  return phase === 'inquiry' ? 'The bank’s inquiry about' : 'The dispute over';
}

import type { Sql } from '#db/connection.ts';
import { findCustomerById } from '#db/customers.ts';
import { type DisputeRow, findDispute } from '#db/disputes.ts';
import { putTimer } from '#db/timers.ts';
import { mentionsOfRole } from '#src/approvals/mentions.ts';
import type { Cause } from '#src/core/cause.ts';
import { newId } from '#src/core/ids.ts';
import { formatMoney } from '#src/core/money.ts';
import type { Settings } from '#src/core/settings.ts';
import { postMessage } from '#src/outbox/post.ts';
import { disputeCardKey, renewDisputeCard } from './card.ts';
import { leftWords } from './describe.ts';
import { needsAnswer } from './status.ts';
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
    reply: {
      tone: 'warning',
      title: await sentenceOf(sql, dispute, cause.now),
      mentions: mentionsOfRole(settings, 'billing'),
      facts: [{ label: 'Answer by', value: { at: dispute.due_by } }],
      hint:
        dispute.due_by > cause.now
          ? 'Decide with the buttons of the card above.'
          : `Nothing can be done at Stripe any more; wait for the bank. Look: dispute show ${id}`,
      correlationId: cause.correlationId,
    },
  });
}

/** The card tells the time that is left anew, until it is over. */
export async function countDown(sql: Sql, settings: Settings, cause: Cause, id: string): Promise<void> {
  const dispute = await findDispute(sql, id);
  if (!dispute || !needsAnswer(dispute.status) || dispute.due_by === null) return;
  await renewDisputeCard(sql, settings, cause, id);
  const dueAt = nextCountdown(cause.now, dispute.due_by);
  if (dueAt === null) return;
  await putTimer(sql, {
    id: newId('tim', cause.now),
    kind: 'dispute_countdown',
    subject: id,
    due_at: dueAt,
    attempts: 0,
    last_error: null,
  });
}

function isWaiting(dispute: DisputeRow): dispute is DisputeRow & { due_by: number } {
  return needsAnswer(dispute.status) && dispute.decision === null && dispute.due_by !== null;
}

async function sentenceOf(sql: Sql, dispute: DisputeRow & { due_by: number }, now: number): Promise<string> {
  const customer = dispute.customer_id ? await findCustomerById(sql, dispute.customer_id) : undefined;
  const who = customer?.email ?? dispute.stripe_customer_id ?? 'an unknown customer';
  const what = `${dispute.phase === 'inquiry' ? 'The bank’s inquiry about' : 'The dispute over'} ${formatMoney(dispute.amount, dispute.currency)} of ${who}`;
  if (dispute.due_by > now)
    return `${what} has to be answered within ${leftWords(dispute.due_by - now)}, and nobody has decided yet.`;
  return dispute.phase === 'inquiry'
    ? `${what} was not answered in time; the bank may make it a formal dispute.`
    : `${what} was not answered in time; the bank will most likely decide for the cardholder.`;
}

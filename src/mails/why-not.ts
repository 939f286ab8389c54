import type { MailRow } from '#db/mails.ts';
import { HOUR_MS } from '#src/core/clock.ts';
import type { MailSubject } from './facts.ts';
import { remindAt } from './remind-at.ts';

export type Timing = { kind: 'now' } | { kind: 'later'; at: number } | { kind: 'never'; why: string };

/**
 * Whether a mail is still true at the moment of its sending. Silence is the safe side: nobody is told of a payment
 * that arrived meanwhile, of a deadline that moved, or of an account that fraud keeps locked.
 *
 * @param earlier the other mails of this grace
 */
export function timingOf(
  mail: MailRow,
  subject: MailSubject | null,
  earlier: readonly MailRow[],
  now: number,
): Timing {
  if (!subject) return never('The grace or its customer is gone.');
  const { grace, invoice, access } = subject;
  if (access === 'locked') return never('The account is locked, and a locked customer gets no mail.');
  if (mail.stage === 'recovered') {
    const wasTold = earlier.some(({ stage, state }) => stage !== 'recovered' && wasSeen(state));
    if (grace.state !== 'recovered') return never('The payment did not arrive after all.');
    return wasTold ? { kind: 'now' } : never('The customer never heard that a payment had failed.');
  }
  if (invoice?.status === 'paid' || grace.state === 'recovered') return never('The customer paid meanwhile.');
  if (invoice?.status === 'void') return never('The invoice was voided meanwhile.');
  if (mail.stage === 'expired') {
    if (grace.state !== 'expired') return never('The grace goes on.');
    return subject.isOnLowest ? { kind: 'now' } : never('The customer kept a tier for another reason.');
  }
  if (grace.state !== 'open' || grace.deadline_at <= now) return never('The grace is over.');
  if (access !== 'grace') return never('Nothing that the customer has hangs on this payment.');
  const at = remindAt(grace);
  // More than an hour to go means that the deadline was moved meanwhile.
  if (mail.stage === 'reminder' && at !== null && at > now + HOUR_MS) return { kind: 'later', at };
  return { kind: 'now' };
}

function wasSeen(state: MailRow['state']): boolean {
  return state === 'sent' || state === 'unsure';
}

function never(why: string): Timing {
  return { kind: 'never', why };
}

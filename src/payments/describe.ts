import type { GracePeriodRow } from '#db/grace-periods.ts';
import type { MailRow } from '#db/mails.ts';
import { isoTime } from '#src/core/clock.ts';
import { formatMoney } from '#src/core/money.ts';
import type { OwedInvoice } from '#src/gateways/stripe-owed.ts';
import type { Fact, Reply, ReplyButton, Section, Value } from '#src/replies/reply.ts';
import { explainDecline } from './decline-codes.ts';
import type { FoundPayment } from './find-latest.ts';

/** docs.stripe.com/billing/invoices/overview#invoice-lifecycle */
const invoiceWords: Readonly<Record<string, string>> = {
  draft: 'is a draft: nothing was asked for yet',
  open: 'is open: it is not paid yet',
  paid: 'is paid',
  uncollectible: 'was written off as uncollectible',
  void: 'was voided: nothing is owed',
};

/** docs.stripe.com/payments/paymentintents/lifecycle */
const intentWords: Readonly<Record<string, string>> = {
  requires_payment_method: 'Waits for a payment method: none was given yet, or the last one was declined.',
  requires_confirmation: 'Waits to be confirmed.',
  requires_action: 'Waits for the customer: their bank wants them to confirm it (3-D Secure).',
  requires_capture: 'The money is held, and not captured yet.',
  processing: 'Is being processed; bank debits take days.',
  succeeded: 'Succeeded.',
  canceled: 'Was canceled.',
};

/** Playbook, failed payments 1 and 2: how a payment stands, why, and what gets it moving again. */
export function describePayment(
  found: FoundPayment,
  grace: GracePeriodRow | null,
  mails: readonly MailRow[],
  now: number,
): Reply {
  const { customer, invoice, attempt, stripeCustomerId } = found;
  const whose = customer?.email ?? stripeCustomerId ?? 'nobody that Stripe knows';
  const isOwed = invoice ? invoice.status === 'open' : attempt?.status !== 'succeeded';
  const failure = isOwed ? (attempt?.failure ?? null) : null;
  const decline = failure ? explainDecline(failure) : null;
  const facts: Fact[] = [
    { label: 'Customer', value: whose },
    ...(invoice ? invoiceFacts(invoice) : []),
    ...(attempt
      ? [
          { label: 'Payment intent', value: { code: attempt.id } },
          { label: 'Its state', value: intentWords[attempt.status] ?? attempt.status },
        ]
      : []),
    ...(decline && failure
      ? [
          { label: 'Why it failed', value: decline.why },
          { label: 'In Stripe’s words', value: { code: failure.declineCode ?? failure.code ?? 'unknown' } },
        ]
      : []),
    ...(isOwed && invoice ? [{ label: 'Next try', value: nextTry(invoice) }] : []),
    ...(grace ? [graceFact(grace, now)] : []),
  ];
  return {
    tone: isOwed ? 'warning' : 'info',
    title: titleOf(found, whose),
    facts,
    warnings: warningsOf(found, decline),
    sections: mails.length > 0 ? [mailSection(mails)] : [],
    ...(isOwed ? { hint: `The customer should ${decline?.ask ?? 'pay the open invoice'}.` } : {}),
    buttons: isOwed ? remedies(found, grace) : [],
    json: jsonOf(found, grace),
  };
}

function titleOf({ invoice, attempt }: FoundPayment, whose: string): string {
  if (invoice) {
    const amount = invoice.currency ? ` over ${formatMoney(invoice.amountDue, invoice.currency)}` : '';
    return `Invoice ${invoice.number ?? invoice.id} of ${whose}${amount} ${invoiceWords[invoice.status] ?? `is ${invoice.status}`}.`;
  }
  const amount = attempt ? formatMoney(attempt.amount, attempt.currency) : 'unknown';
  return `The payment of ${whose} over ${amount}, which pays no invoice, ${attempt?.status === 'succeeded' ? 'succeeded' : 'has not succeeded'}.`;
}

function invoiceFacts(invoice: OwedInvoice): Fact[] {
  const { currency, amountRemaining, attemptCount } = invoice;
  return [
    { label: 'Invoice', value: { code: invoice.id } },
    { label: 'Made', value: { at: invoice.createdAt } },
    ...(currency && invoice.status === 'open'
      ? [{ label: 'Still owed', value: formatMoney(amountRemaining, currency) }]
      : []),
    ...(invoice.paidAt === null ? [] : [{ label: 'Paid', value: { at: invoice.paidAt } }]),
    { label: 'Tries', value: String(attemptCount) },
  ];
}

function nextTry({ nextAttemptAt, dueAt }: OwedInvoice): Value {
  if (nextAttemptAt === null) return 'None left: Stripe will not try again by itself.';
  if (nextAttemptAt !== undefined) return { at: nextAttemptAt };
  return dueAt === null ? 'Not tried yet.' : 'Stripe waits for the customer to pay it.';
}

function graceFact(grace: GracePeriodRow, now: number): Fact {
  if (grace.state === 'open' && grace.deadline_at > now)
    return { label: 'Grace until', value: { at: grace.deadline_at } };
  const words = { open: 'over', expired: 'over', recovered: 'over: the payment arrived', waived: 'waived' };
  return { label: 'Grace', value: words[grace.state] };
}

function warningsOf(
  { customer, stripeCustomerId }: FoundPayment,
  decline: ReturnType<typeof explainDecline>,
): string[] {
  return [
    ...(customer ? [] : [`${stripeCustomerId ?? 'This payment'} is linked to none of our customers.`]),
    ...(decline?.isDelicate
      ? [
          'Tell the customer only that the card was declined: Stripe asks not to say more, because a thief might ask.',
        ]
      : []),
    ...(decline?.isHard ? ['Trying the same card again is in vain.'] : []),
  ];
}

function remedies({ customer, invoice }: FoundPayment, grace: GracePeriodRow | null): ReplyButton[] {
  if (!customer) return [];
  const { email } = customer;
  const isOverdue = grace?.state === 'open' || grace?.state === 'expired';
  return [
    { kind: 'command', label: 'Portal link', line: `payment portal-link ${email}` },
    ...(isOverdue && invoice
      ? [{ kind: 'command' as const, label: 'More time', line: `payment grace ${grace.subscription_id} 48h` }]
      : []),
  ];
}

const mailStates: Readonly<Record<MailRow['state'], string>> = {
  pending: 'waits',
  sending: 'is being sent',
  sent: 'sent',
  skipped: 'not sent',
  unsure: 'sent, perhaps',
  dead: 'could not be delivered',
};

function mailSection(mails: readonly MailRow[]): Section {
  return {
    heading: 'Mails to the customer',
    table: {
      columns: ['Mail', 'State', 'When', 'Why'],
      rows: mails.map((mail) => [
        mail.stage,
        mailStates[mail.state],
        { at: mail.ended_at ?? mail.created_at },
        mail.error ?? '',
      ]),
    },
  };
}

function jsonOf(
  { customer, stripeCustomerId, invoice, attempt }: FoundPayment,
  grace: GracePeriodRow | null,
) {
  const at = (moment: number | null | undefined) => (moment ? isoTime(moment) : null);
  return {
    customer: customer?.email ?? null,
    stripeCustomer: stripeCustomerId,
    invoice: invoice && {
      id: invoice.id,
      number: invoice.number,
      status: invoice.status,
      currency: invoice.currency,
      amountDueMinor: invoice.amountDue,
      amountRemainingMinor: invoice.amountRemaining,
      attempts: invoice.attemptCount,
      nextAttemptAt: at(invoice.nextAttemptAt),
      isOutOfAttempts: invoice.nextAttemptAt === null,
      paidAt: at(invoice.paidAt),
    },
    paymentIntent: attempt && { id: attempt.id, status: attempt.status, failure: attempt.failure },
    grace: grace && { state: grace.state, until: at(grace.deadline_at), since: at(grace.started_at) },
  };
}

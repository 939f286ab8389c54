import type { PaymentRow } from '#db/payments.ts';
import { formatUtc, isoTime } from '#src/core/clock.ts';
import { formatMoney } from '#src/core/money.ts';
import { counted } from '#src/core/text.ts';
import type { Block, Document } from '#src/documents/document.ts';
import type { FetchedCharge } from '#src/gateways/stripe.ts';
import { refundWords } from './refund-words.ts';
import type { EvidenceSources } from './sources.ts';
import { accessWords } from './words.ts';

/** What a bank is to read, in its order: who paid for what, that it was used, and what was agreed. */
export function writeDocument(sources: EvidenceSources): Document {
  const { dispute, charge, customer, settings } = sources;
  const merchant = settings.merchant ?? 'the merchant';
  const money = formatMoney(dispute.amount, dispute.currency);
  return {
    title: `Evidence for the dispute ${dispute.id}`,
    about: [
      `${money}, charge ${charge.id} of ${isoTime(charge.createdAt).slice(0, 10)}, disputed as “${dispute.reason.replaceAll('_', ' ')}”`,
      `From the records of ${merchant} up to ${formatUtc(dispute.createdAt)}; all times are UTC`,
    ],
    foot: `Evidence for ${dispute.id} · ${customer.email}`,
    author: merchant,
    datedAt: dispute.createdAt,
    blocks: [
      ...answerBlocks(sources),
      ...whoBlocks(sources),
      ...section('Refunds of this payment', sources.refunds.map(refundWords).join('\n')),
      ...useBlocks(sources),
      ...historyBlocks(sources),
      ...policyBlocks(sources),
    ],
  };
}

function answerBlocks({ said, settings }: EvidenceSources): Block[] {
  const product = said.product ?? settings.product_description;
  return [
    ...section('Our answer', said.note),
    ...section('What was bought', product),
    ...section('The other payment', said.duplicateOf && `${said.duplicateOf} was for something else.`),
  ];
}

function whoBlocks({ customer, charge }: EvidenceSources): Block[] {
  const verified = customer.email_verified_at;
  return [
    { kind: 'heading', text: 'Customer and payment' },
    {
      kind: 'facts',
      facts: [
        { label: 'Name', value: customer.name ?? 'not given' },
        { label: 'Email', value: customer.email },
        { label: 'Email verified', value: verified === null ? 'no' : formatUtc(verified) },
        { label: 'Customer since', value: formatUtc(customer.created_at) },
        {
          label: 'Paid',
          value: `${formatMoney(charge.amount, charge.currency)} at ${formatUtc(charge.createdAt)}`,
        },
        { label: 'Paid with', value: charge.paidWith ?? 'not known' },
        { label: 'Paid for', value: charge.description ?? 'not said' },
      ],
    },
  ];
}

function useBlocks({ records, charge }: EvidenceSources): Block[] {
  const { use, reports, usageDays } = records;
  const after = reports.filter((row) => row.at >= charge.createdAt).length;
  const summary = `${counted(use.reports, 'report')} and ${counted(use.calls, 'AI call')} in all, for ${counted(use.credits, 'credit')}.${after === 0 ? '' : ` ${counted(after, 'of these reports was', 'of these reports were')} made after this payment.`}`;
  return [
    { kind: 'heading', text: 'How the customer used the service' },
    { kind: 'text', text: summary },
    { kind: 'heading', text: shownOf('Reports', reports.length, use.reports) },
    {
      kind: 'table',
      columns: [
        { title: 'Made', share: 3 },
        { title: 'Kind', share: 2 },
        { title: 'Report', share: 5 },
        { title: 'Request', share: 6 },
      ],
      rows: reports.map((row) => [minute(row.at), row.kind ?? '', row.report_id, row.correlation_id]),
      empty: 'No report was made.',
    },
    { kind: 'heading', text: 'AI usage by day' },
    {
      kind: 'table',
      columns: [
        { title: 'Day', share: 3 },
        { title: 'Calls', share: 2 },
        { title: 'Credits', share: 2 },
        { title: 'Last call', share: 4 },
      ],
      rows: usageDays.map((day) => [
        isoTime(day.lastAt).slice(0, 10),
        day.calls.toLocaleString('en-US'),
        day.credits.toLocaleString('en-US'),
        minute(day.lastAt),
      ]),
      empty: 'No AI call was made.',
    },
  ];
}

function historyBlocks({ records, charge }: EvidenceSources): Block[] {
  return [
    { kind: 'heading', text: 'Access to the account' },
    {
      kind: 'table',
      columns: [
        { title: 'When', share: 3 },
        { title: 'What', share: 8 },
      ],
      rows: records.changes.map((row) => [minute(row.at), accessWords(row)]),
      empty: 'The access never changed.',
    },
    { kind: 'heading', text: 'Payments of this customer' },
    {
      kind: 'table',
      columns: [
        { title: 'Paid', share: 3 },
        { title: 'Amount', share: 2 },
        { title: 'Refunded', share: 2 },
        { title: 'Payment', share: 7 },
      ],
      rows: records.payments.map((row) => [
        row.paid_at === null ? '' : minute(row.paid_at),
        formatMoney(row.amount_paid, row.currency ?? charge.currency),
        row.amount_refunded > 0 ? formatMoney(row.amount_refunded, row.currency ?? charge.currency) : '',
        `${row.charge_id ?? row.id}${isOf(row, charge) ? ' (this payment)' : ''}`,
      ]),
      empty: 'No other payment is on record.',
    },
  ];
}

function isOf(row: PaymentRow, charge: FetchedCharge): boolean {
  if (row.charge_id === charge.id) return true;
  return row.payment_intent_id !== null && row.payment_intent_id === charge.paymentIntentId;
}

/** Shorter in a table; the head says that all are UTC. */
function minute(at: number): string {
  return formatUtc(at).replace(' UTC', '');
}

function policyBlocks({ settings }: EvidenceSources): Block[] {
  return [
    ...section('Refund policy', settings.refund_policy),
    ...section('Cancellation policy', settings.cancellation_policy),
  ];
}

function section(heading: string, text: string | undefined): Block[] {
  if (!text) return [];
  return [
    { kind: 'heading', text: heading },
    { kind: 'text', text },
  ];
}

function shownOf(what: string, shown: number, all: number): string {
  return shown < all ? `${what}: the newest ${shown} of ${all.toLocaleString('en-US')}` : what;
}
